using System.Buffers;
using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>One source, asked for a part of a chunk that is verified as a whole. Several may be asked for the same part.</summary>
internal sealed class PartAttempt(
    Source source, FetchSite site, ChunkAssembly assembly, Part part, CancellationToken cancellationToken)
    : SourceAttempt(source, site, cancellationToken)
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Bytes go here first: whoever else was asked for the part must never write into what is already taken.</summary>
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private readonly long _offset = assembly.Bounds(part).Position;

    /// <summary>The part.</summary>
    public Part Part => part;

    /// <summary>True when it completed the part.</summary>
    public bool IsPartDone { get; private set; }

    /// <summary>True when it sent more than any chunk may have, or says that the chunk is of another length than others said.</summary>
    public bool HasOddLength { get; private set; }

    /// <summary>True when there was no memory for what it sent.</summary>
    public bool HasNoRoom { get; private set; }

    /// <summary>True when somebody else was faster.</summary>
    public bool IsBeaten { get; private set; }

    /// <summary>True when the source sends whole chunks only, whatever part it is asked for.</summary>
    public bool IsWholeOnly { get; private set; }

    /// <summary>True when a line break that is not part of the chunk may stand before it.</summary>
    public bool MayBeginWithLineBreak { get; private set; }

    /// <inheritdoc/>
    public override bool Begin(TransferHead head)
    {
        MayBeginWithLineBreak = head.MayBeginWithLineBreak;
        Source.LetsKeep = head.MayKeep;
        if (head.Offset != _offset || (head.MayBeginWithLineBreak && assembly.IsShared))
        {
            IsWholeOnly = true;
            return false;
        }

        HasOddLength = !head.MayBeginWithLineBreak && head.TotalLength is { } total && !assembly.Announce(total);
        assembly.MayKeep &= head.MayKeep || HasOddLength;
        return !HasOddLength;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory() => _block;

    /// <inheritdoc/>
    public override void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_block);
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override bool Take(int count)
    {
        var result = assembly.Write(part, this, _offset + Received - count, _block.AsSpan(0, count), Source);
        IsPartDone = result == WriteResult.PartDone;
        IsBeaten = result == WriteResult.NotWanted;
        HasOddLength = result == WriteResult.TooMany;
        HasNoRoom = result == WriteResult.NoRoom;
        if (IsBeaten)
        {
            Traffic.Wasted(count);
        }

        return result == WriteResult.Taken;
    }
}
