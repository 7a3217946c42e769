using System.Globalization;
using System.Text;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Playlist;

/// <summary>The playlist of the chunks of one level (RFC 8216, section 4.3.3).</summary>
internal static class MediaPlaylist
{
    private const int HeaderLines = 6;

    /// <summary>Initialisation chunk, discontinuity.</summary>
    private const int LinesPerSegment = 2;

    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(HlsPlaylist.DefaultChunkSeconds);

    /// <summary>7 where there are initialisation chunks outside of a list of key frames (RFC 8216, section 7), else 3.</summary>
    internal static int VersionOf(PlayableStream playable) =>
        playable.Stream.Clips.Any(c => c.Components.Any(p => p.Segments[0].Init is not null)) ? 7 : 3;

    /// <summary>False when the chunks are too many for a playlist.</summary>
    internal static bool Fits(PlayableStream playable, string type) =>
        HeaderLines + playable.Parts(type).SelectMany(p => p.Component.Segments).Sum(s => LinesPerSegment + (2L * s.Count)) <= HlsPlaylist.MaxLines;

    /// <summary>Writes the chunks of a level; null when they are too many or their names too long.</summary>
    internal static string? Write(ChunkLayout layout, PlayableStream playable, string type, int level)
    {
        if (!Fits(playable, type))
        {
            return null;
        }

        var text = new StringBuilder();
        var longest = TimeSpan.Zero;
        foreach (var (clip, component) in playable.Parts(type))
        {
            if (text.Length > 0)
            {
                text.Append("#EXT-X-DISCONTINUITY\n");
            }

            var longestOfClip = WriteClip(text, layout, clip, component, level);
            longest = longestOfClip > longest ? longestOfClip : longest;
            if (text.Length > HlsPlaylist.MaxCharacters)
            {
                return null;
            }
        }

        if (!playable.Stream.IsLive)
        {
            text.Append("#EXT-X-ENDLIST\n");
        }

        return Header(playable, type, longest) + text;
    }

    private static string Header(PlayableStream playable, string type, TimeSpan longest)
    {
        var first = playable.Parts(type).First().Component.Segments[0].From;
        var kind = playable.Stream.IsLive
            ? string.Create(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA-SEQUENCE:{first}\n")
            : "#EXT-X-PLAYLIST-TYPE:VOD\n";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"#EXTM3U\n#EXT-X-VERSION:{VersionOf(playable)}\n#EXT-X-TARGETDURATION:{Math.Max(1, (long)Math.Ceiling(longest.TotalSeconds))}\n{kind}");
    }

    /// <summary>Writes a clip's chunks, until the text is too long; answers the longest playing time of a chunk.</summary>
    private static TimeSpan WriteClip(StringBuilder text, ChunkLayout layout, Clip clip, Component component, int level)
    {
        var id = new LevelId(clip.Name, component.Type, level);
        WriteMap(text, layout, id);
        var bare = IsBareNameEnough(layout, new ChunkId(id, component.Segments[0].From));
        var durations = DurationsOf(layout.Stream, clip, component);
        var longest = TimeSpan.Zero;
        Segment? last = null;
        foreach (var segment in component.Segments)
        {
            if (last is not null && segment.From != last.To + 1)
            {
                text.Append("#EXT-X-DISCONTINUITY\n");
            }

            last = segment;
            for (var index = segment.From; index <= segment.To && text.Length <= HlsPlaylist.MaxCharacters; index++)
            {
                var isLast = index == component.Segments[^1].To;
                var duration = isLast ? durations.Last : durations.Of(segment);
                longest = duration > longest ? duration : longest;
                text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{duration.TotalSeconds:0.######},\n");
                text.Append(UriOf(layout, new ChunkId(id, index), bare)).Append('\n');
            }
        }

        return longest;
    }

    private static void WriteMap(StringBuilder text, ChunkLayout layout, LevelId level)
    {
        var type = level.Type + ChunkLayout.InitSuffix;
        var own = new ChunkId(level with { Type = type }, 0);
        var init = layout.Contains(own) ? own : new ChunkId(new LevelId(level.Clip, type, 0), 0);
        if (layout.Contains(init))
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MAP:URI=\"{UriOf(layout, init, IsBareNameEnough(layout, init))}\"\n");
        }
    }

    private static bool IsBareNameEnough(ChunkLayout layout, ChunkId chunk) =>
        layout.TryResolve(layout.NameOf(chunk), out var found) && found == chunk;

    private static string UriOf(ChunkLayout layout, ChunkId chunk, bool bare) =>
        bare ? Uri.EscapeDataString(layout.NameOf(chunk)) : layout.PeerPathOf(chunk)[1..];

    /// <summary>How long chunks of a clip play.</summary>
    private static ClipDurations DurationsOf(StreamInfo stream, Clip clip, Component component)
    {
        var count = component.Segments.Sum(s => (long)s.Count);
        // The playing time of a live clip is that of the programme, not that of the window.
        var total = stream.IsLive ? null : clip.Duration;
        var even = total is { } t && t.Ticks / count > 0 ? TimeSpan.FromTicks(t.Ticks / count) : DefaultDuration;
        var durations = new ClipDurations(even, TimeSpan.Zero);
        var usual = durations.Of(component.Segments[^1]);
        var others = component.Segments.Sum(s => (decimal)s.Count * durations.Of(s).Ticks) - usual.Ticks;
        var rest = total is { } whole ? whole.Ticks - others : usual.Ticks;
        return durations with { Last = rest > 0 && rest <= usual.Ticks ? TimeSpan.FromTicks((long)rest) : usual };
    }

    /// <summary>Playing times of a clip's chunks.</summary>
    /// <param name="Even">Of a chunk whose segment does not say.</param>
    /// <param name="Last">Of the last chunk.</param>
    private sealed record ClipDurations(TimeSpan Even, TimeSpan Last)
    {
        internal TimeSpan Of(Segment segment) => segment.ChunkDuration ?? Even;
    }
}
