using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Assembly;

/// <summary>A stretch of a chunk that is filled from its beginning on. Guarded by the lock of its <see cref="ChunkAssembly"/>.</summary>
internal sealed class Part(long from, long? end)
{
    private readonly List<(long From, long To, Source Source)> _given = [];

    /// <summary>First byte.</summary>
    public long From { get; } = from;

    /// <summary>The next byte that is missing.</summary>
    public long Position { get; private set; } = from;

    /// <summary>The byte behind the last one; null = the end of the chunk, which is not known yet.</summary>
    public long? End { get; set; } = end;

    /// <summary>True when all of it is here.</summary>
    public bool IsDone => Position == End;

    /// <summary>Who fills it now, of those who were asked for it; null until one of them sends.</summary>
    public object? Writer { get; set; }

    /// <summary>Who gave which bytes.</summary>
    public IReadOnlyList<(long From, long To, Source Source)> Given => _given;

    /// <summary>What is here is not to be relied on.</summary>
    public void Forget()
    {
        Judged();
        Position = From;
    }

    /// <summary>It is known what the bytes are worth, or does not matter any more: who gave them is not told of from now on.</summary>
    public void Judged()
    {
        _given.ForEach(g => g.Source.Unjudged(g.From - g.To));
        _given.Clear();
    }

    /// <summary>Bytes were written.</summary>
    public void Filled(int count, Source source)
    {
        if (_given.Count > 0 && _given[^1] is var last && last.Source == source && last.To == Position)
        {
            _given[^1] = (last.From, Position + count, source);
        }
        else
        {
            _given.Add((Position, Position + count, source));
        }

        Position += count;
        source.Unjudged(count);
    }
}
