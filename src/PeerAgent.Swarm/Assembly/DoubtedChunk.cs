using PeerAgent.Media.Store;
using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Assembly;

/// <summary>All bytes of a chunk that do not match its digest, kept to find out whose are wrong.</summary>
/// <param name="content">The bytes, held once more for this.</param>
/// <param name="taken">Bytes taken from the budget for them.</param>
/// <param name="given">Who gave which, from the first byte to the last.</param>
/// <param name="memory">The budget.</param>
internal sealed class DoubtedChunk(
    ReadOnlyMemory<byte> content, long taken, IReadOnlyList<(long From, long To, Source Source)> given, MemoryBudget memory) : IDisposable
{
    /// <summary>The bytes, until disposed.</summary>
    public ReadOnlyMemory<byte> Content => content;

    /// <summary>Who gave which.</summary>
    public IReadOnlyList<(long From, long To, Source Source)> Given => given;

    /// <summary>
    /// What is to be had again from somebody else: what came from those who have proven nothing, or, when all have proven
    /// themselves, all of it.
    /// </summary>
    public IReadOnlyList<(long From, long To, Source Source)> Doubtful { get; } =
        [.. given.Where(g => g.To > g.From && !(g.Source.Health.IsProven && given.Any(o => !o.Source.Health.IsProven)))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (from, to, source) in given)
        {
            source.Unjudged(from - to);
        }

        ChunkBytes.Release(content);
        memory.Give(taken);
    }
}
