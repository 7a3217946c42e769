using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Media.Manifest;

/// <summary>
/// Reads the StreamInfo manifest (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6) with our additions in
/// <c>urn:ppsp-peer:manifest:1</c>. Text from strangers: everything is bounded, nothing is set aside by a number in it.
/// </summary>
/// <remarks>
/// Liberal in form: any encoding, gzip or not, any order, unknown elements passed over, attribute names in any case,
/// <c>ChunkIndex</c> for <c>ChunkSegments</c>, <c>ChunkSegment</c> for <c>Segment</c>. Strict in content: what cannot
/// be meant, or could lead out of a path, is refused with its place.
/// </remarks>
public static class StreamInfoReader
{
    /// <summary>Reads a manifest; never throws for anything in it.</summary>
    /// <param name="body">The bytes as received, at most <see cref="XmlBody.MaxBytes"/> before and after gunzip.</param>
    public static ManifestOutcome Read(ReadOnlyMemory<byte> body)
    {
        switch (XmlBody.TryDecode(body, out var text, out var error))
        {
            case XmlBodyResult.TooLarge:
                return ManifestOutcome.Of(ManifestErrorKind.TooLarge, error);
            case XmlBodyResult.NotText:
                return ManifestOutcome.Of(IsMeantAsXml(body.Span) ? ManifestErrorKind.Malformed : ManifestErrorKind.NotAManifest, error);
        }

        if (!ManifestDocument.IsStreamInfo(text))
        {
            if (text.Length == 0 && IsMeantAsXml(body.Span))
            {
                return ManifestOutcome.Of(ManifestErrorKind.Malformed, "The body starts like gzip but holds nothing.");
            }

            return ManifestOutcome.Of(
                ManifestErrorKind.NotAManifest, "Line 1, column 1: this is not a manifest; XML with the root 'StreamInfo' was expected.");
        }

        try
        {
            return ManifestOutcome.Of(ReadStream(ManifestDocument.Parse(text)));
        }
        catch (ManifestFormatException e)
        {
            return ManifestOutcome.Of(ManifestErrorKind.Malformed, e.Message);
        }
    }

    /// <summary>True for broken gzip and broken text that begins like XML.</summary>
    private static bool IsMeantAsXml(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
        || body.StartsWith("<?xml"u8)
        || body.StartsWith("<StreamInfo"u8);

    private static StreamInfo ReadStream(ManifestElement root)
    {
        var trackers = ReadTrackers(root);
        return new StreamInfo
        {
            SwarmId = ReadSwarmId(root),
            Trackers = trackers,
            IsLive = root.Child("LiveStream")?.Value.Flag() ?? false,
            UpdateTime = root.Child("UpdateTime")?.Value.Word(ManifestLimits.WordLength),
            IsPrivate = root.Addition("private")?.Flag() ?? false,
            Origins = ReadOrigins(root),
            Clips = ReadClips(root),
        };
    }

    private static SwarmId ReadSwarmId(ManifestElement root)
    {
        var element = root.Child("SwarmID") ?? throw root.Error("there is no 'SwarmID'; one was expected");
        return SwarmId.TryParse(element.Value.Text, out var id)
            ? id
            : throw element.Value.Expected("an identifier of 1 to 256 characters without control characters");
    }

    private static List<TrackerReference> ReadTrackers(ManifestElement root)
    {
        var list = root.Child("Trackers") ?? throw root.Error("there is no 'Trackers'; at least one tracker was expected");
        var trackers = list.Children(ManifestLimits.Trackers, "Tracker").ConvertAll(t =>
            new TrackerReference(t.Required("url").Url(), (int?)t.Attribute("tier")?.Number(1, int.MaxValue) ?? 1));
        return trackers.Count > 0 ? trackers : throw list.Error("there is no 'Tracker' in 'Trackers'; at least one was expected");
    }

    private static List<Origin> ReadOrigins(ManifestElement root) =>
        [.. root.Children(ManifestLimits.Origins, "Origin").ConvertAll(ReadOrigin).OrderBy(o => o.Priority)];

    private static Origin ReadOrigin(ManifestElement element)
    {
        var value = element.Required("url");
        var url = value.Url();
        if (url.Query.Length > 0 || url.Fragment.Length > 0 || value.Text.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            throw value.Error("'url' has a query or fragment; a URL to which chunk names can be added was expected");
        }

        return new Origin(
            value.Text.EndsWith('/') ? url : new Uri(value.Text + "/"),
            (int?)element.Attribute("priority")?.Number(0, int.MaxValue) ?? 1);
    }

    private static List<Clip> ReadClips(ManifestElement root)
    {
        var segments = new SegmentReader();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var clips = new List<Clip>();
        foreach (var element in root.Children(ManifestLimits.Clips, "Clip"))
        {
            var clip = ClipReader.Read(element, segments);
            if (!names.Add(clip.Name))
            {
                throw element.Error($"there are two clips with the name '{ManifestValue.Shown(clip.Name)}'; distinct names were expected");
            }

            clips.Add(clip);
        }

        return clips.Count > 0 ? clips : throw root.Error("there is no 'Clip'; at least one was expected");
    }
}
