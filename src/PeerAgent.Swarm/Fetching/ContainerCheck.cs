using System.Text;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Whether bytes begin like the container that a chunk's name promises: the little that can be said of a chunk without a
/// hash. An error page in place of media is what it is there for.
/// </summary>
internal static class ContainerCheck
{
    /// <summary>Bytes after which it always has an opinion.</summary>
    public const int Enough = PacketLength + 1;

    private const byte Sync = 0x47;
    private const int PacketLength = 188;
    private const int BoxHeader = 8;
    private static readonly string[] Pages = ["<!doctype", "<html", "<?xml"];
    private static readonly string[] Boxes =
        ["ftyp", "styp", "moof", "moov", "sidx", "ssix", "emsg", "prft", "mdat", "free", "skip", "wide", "uuid"];

    /// <summary>Looks at the first bytes of a chunk.</summary>
    /// <param name="contentType">What the chunk's name promises.</param>
    /// <param name="start">The first bytes.</param>
    /// <param name="isWhole">True when there are no more.</param>
    public static ContainerLook Look(string contentType, ReadOnlySpan<byte> start, bool isWhole)
    {
        var known = contentType switch
        {
            "video/mp2t" => start.IsEmpty ? ContainerLook.TooEarly : LookAtPackets(start),
            "video/mp4" or "audio/mp4" or "video/iso.segment" or "audio/iso.segment" => LookAtBox(start, isWhole),
            _ => ContainerLook.Right,
        };
        return known == ContainerLook.Odd ? LookAtText(start, isWhole) : known;
    }

    private static ContainerLook LookAtPackets(ReadOnlySpan<byte> start) =>
        start[0] == Sync && (start.Length <= PacketLength || start[PacketLength] == Sync) ? ContainerLook.Right : ContainerLook.Odd;

    private static ContainerLook LookAtBox(ReadOnlySpan<byte> start, bool isWhole)
    {
        if (start.Length < BoxHeader)
        {
            return isWhole ? ContainerLook.Odd : ContainerLook.TooEarly;
        }

        return Boxes.Contains(Encoding.Latin1.GetString(start.Slice(4, 4))) ? ContainerLook.Right : ContainerLook.Odd;
    }

    private static ContainerLook LookAtText(ReadOnlySpan<byte> start, bool isWhole)
    {
        var text = Encoding.Latin1.GetString(start).TrimStart();
        if (Pages.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
        {
            return ContainerLook.Page;
        }

        return !isWhole && Pages.Any(p => p.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            ? ContainerLook.TooEarly
            : ContainerLook.Odd;
    }
}
