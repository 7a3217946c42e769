namespace PeerAgent.Swarm.Transfer;

/// <summary>What is known of an answer before its first byte.</summary>
/// <param name="Offset">Where in the chunk the bytes begin: what was asked for, or 0 when the source sends the whole.</param>
/// <param name="TotalLength">Length of the whole chunk in bytes, or null when the source does not say.</param>
/// <param name="EntityTag">Strong entity tag, or null.</param>
/// <param name="MayBeginWithLineBreak">True when a line break that is not part of the chunk may stand before it.</param>
/// <param name="MayKeep">False when the chunk may be played, but neither be kept nor be passed on to peers.</param>
internal sealed record TransferHead(
    long Offset, long? TotalLength, string? EntityTag, bool MayBeginWithLineBreak, bool MayKeep = true);
