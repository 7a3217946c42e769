using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Manifest;

/// <summary>
/// Reads <c>Segment</c> (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6) and keeps count of what all of them ask
/// for. One for each manifest.
/// </summary>
internal sealed class SegmentReader
{
    private const int MaxDurationSeconds = 24 * 60 * 60;
    private const int MaxExtensionLength = 16;

    private readonly HashSet<string> _listNames = new(StringComparer.Ordinal);
    private int _segments;
    private long _chunks;

    /// <summary>Reads the segments of one component: ascending, without overlap, at least one.</summary>
    internal List<Segment> ReadAll(ManifestElement component)
    {
        _listNames.Clear();
        var read = component.Children(ManifestLimits.SegmentsPerComponent, "Segment", "ChunkSegment")
            .ConvertAll(e => (Element: e, Segment: Read(e)));
        if (read.Count == 0)
        {
            throw component.Error("there is no 'Segment' in 'ChunkSegments'; at least one was expected");
        }

        var sorted = read.OrderBy(r => r.Segment.From).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Segment.From <= sorted[i - 1].Segment.To)
            {
                throw sorted[i].Element.Error(
                    $"the segment begins at {sorted[i].Segment.From}, within another one; segments without overlap were expected");
            }
        }

        return sorted.ConvertAll(r => r.Segment);
    }

    /// <summary>Bits per second of a level or segment.</summary>
    internal static long? ReadBitrate(ManifestElement element) => element.Addition("bitrate")?.Number(1, ManifestLimits.Bitrate);

    private Segment Read(ManifestElement element)
    {
        if (++_segments > ManifestLimits.Segments)
        {
            throw element.Error($"there are more than {ManifestLimits.Segments} segments in the manifest");
        }

        var (from, count, isRange) = ReadRange(element);
        var levels = element.Attribute("levels");
        var segment = new Segment
        {
            From = from,
            Count = count,
            IsRange = isRange,
            Levels = (int?)levels?.Number(1, ManifestLimits.Levels) ?? 1,
            HasLevels = levels is not null,
            ChunkDuration = element.Addition("duration")?.Seconds(MaxDurationSeconds, positive: true),
            Bitrate = ReadBitrate(element),
            Init = element.Addition("init")?.FileName(),
            Extension = ReadExtension(element),
            Views = (int?)element.Addition("views")?.Number(1, ChunkName.MaxLevel),
        };
        _chunks += (long)segment.Count * segment.Levels;
        if (_chunks > ManifestLimits.Chunks)
        {
            throw element.Error($"chunks times levels are more than {ManifestLimits.Chunks} in the whole manifest");
        }

        return segment with { Hashes = HashReader.ReadHashes(element, segment), HashLists = HashReader.ReadLists(element, segment, _listNames) };
    }

    private static (long From, int Count, bool IsRange) ReadRange(ManifestElement element)
    {
        var chunks = element.Attribute("chunks");
        var from = element.Attribute("from");
        var to = element.Attribute("to");
        if (chunks is not null)
        {
            return from is null && to is null
                ? (0, (int)chunks.Number(1, ChunkMap.MaxLength), false)
                : throw chunks.Error("the segment has 'chunks' and 'from' or 'to'; one way to say it was expected");
        }

        if (from is null || to is null)
        {
            throw element.Error("the segment has neither 'chunks' nor 'from' and 'to'; one way to say it was expected");
        }

        var first = from.Number(0, ChunkName.MaxIndex);
        var last = to.Number(0, ChunkName.MaxIndex);
        return last >= first && last - first < ChunkMap.MaxLength
            ? (first, (int)(last - first + 1), true)
            : throw to.Expected($"a number from {first} to {Math.Min(first + ChunkMap.MaxLength - 1, ChunkName.MaxIndex)}");
    }

    private static string? ReadExtension(ManifestElement element)
    {
        var value = element.Addition("ext");
        return value is null || (value.Text.Length is > 0 and <= MaxExtensionLength && value.Text.All(char.IsAsciiLetterOrDigit))
            ? value?.Text
            : throw value.Expected($"1 to {MaxExtensionLength} letters and digits");
    }
}
