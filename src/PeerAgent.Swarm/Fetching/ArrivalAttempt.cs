using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>One source, asked for a chunk that goes on to those who wait as it arrives.</summary>
internal sealed class ArrivalAttempt(Source source, FetchSite site, Arrival arrival, CancellationToken cancellationToken)
    : SourceAttempt(source, site, cancellationToken)
{
    private byte[]? _repeated;
    private long _repeatPosition;
    private long _repeatEnd;

    /// <summary>The bytes.</summary>
    public ChunkBuffer Buffer { get; private set; } = new(site.Memory);

    /// <summary>Strong entity tag of the answer, or null.</summary>
    public string? EntityTag { get; private set; }

    /// <summary>True when a line break that is not part of the chunk may stand before it.</summary>
    public bool MayBeginWithLineBreak { get; private set; }

    /// <summary>True when the bytes did not look like what the chunk's name promises, but might be taken for want of better ones.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>True when the bytes were a page of text in place of media.</summary>
    public bool IsPage { get; set; }

    /// <summary>The chunk goes into this buffer; what the buffer holds already is compared, not kept twice.</summary>
    public void ContinueIn(ChunkBuffer buffer, long offset)
    {
        Buffer.Free();
        Buffer = buffer;
        _repeatPosition = offset;
        _repeatEnd = buffer.Length;
    }

    /// <inheritdoc/>
    public override bool Begin(TransferHead head)
    {
        MayBeginWithLineBreak = head.MayBeginWithLineBreak;
        EntityTag = head.EntityTag;
        Source.LetsKeep = head.MayKeep;
        var begins = arrival.Begin(this, head);
        Buffer.MayKeep &= head.MayKeep || !begins;
        return begins;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory()
    {
        var toRepeat = _repeatEnd - _repeatPosition;
        if (toRepeat == 0)
        {
            return Buffer.GetMemory();
        }

        _repeated ??= new byte[16 * 1024];
        return _repeated.AsMemory(0, (int)Math.Min(toRepeat, _repeated.Length));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (arrival.Led != Buffer)
        {
            Buffer.Free();
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override bool Take(int count)
    {
        if (_repeatPosition < _repeatEnd)
        {
            return Repeats(count);
        }

        Buffer.Advance(count);
        return arrival.Advanced(this) && !Buffer.IsOutOfRoom;
    }

    private bool Repeats(int count)
    {
        Span<byte> earlier = new byte[count];
        Buffer.Peek(_repeatPosition, earlier);
        _repeatPosition += count;
        Traffic.Wasted(count);
        return earlier.SequenceEqual(_repeated.AsSpan(0, count));
    }
}
