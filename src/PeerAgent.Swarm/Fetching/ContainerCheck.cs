namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Whether bytes begin like the container that a chunk's name promises: the little that can be said of a chunk without a
/// hash. An error page in place of media is what it finds.
/// </summary>
internal static class ContainerCheck
{
    /// <summary>Bytes after which it always has an opinion.</summary>
    public const int Enough = PacketLength + 1;

    private const byte Sync = 0x47;
    private const int PacketLength = 188;
    private const int BoxHeader = 8;

    /// <summary>True or false; null when more bytes are needed to say.</summary>
    public static bool? Fits(string contentType, ReadOnlySpan<byte> start, bool isWhole) => contentType switch
    {
        "video/mp2t" => FitsTransportStream(start),
        "video/mp4" or "audio/mp4" or "video/iso.segment" or "audio/iso.segment" => FitsBoxes(start, isWhole),
        _ => true,
    };

    private static bool? FitsTransportStream(ReadOnlySpan<byte> start) =>
        start.IsEmpty ? null : start[0] == Sync && (start.Length <= PacketLength || start[PacketLength] == Sync);

    private static bool? FitsBoxes(ReadOnlySpan<byte> start, bool isWhole)
    {
        if (start.Length < BoxHeader)
        {
            return isWhole ? false : null;
        }

        return IsBoxType(start.Slice(4, 4));
    }

    private static bool IsBoxType(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("ftyp"u8) || type.SequenceEqual("styp"u8) || type.SequenceEqual("moof"u8) || type.SequenceEqual("moov"u8)
        || type.SequenceEqual("sidx"u8) || type.SequenceEqual("ssix"u8) || type.SequenceEqual("emsg"u8) || type.SequenceEqual("prft"u8)
        || type.SequenceEqual("mdat"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8) || type.SequenceEqual("wide"u8)
        || type.SequenceEqual("uuid"u8);
}
