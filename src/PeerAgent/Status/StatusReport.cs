using System.Globalization;
using PeerAgent.Proxy;

namespace PeerAgent.Status;

/// <summary>Prints the state of an agent for a person: a block a stream, the ChunkMap of each level as a bar.</summary>
/// <param name="output">Where to print.</param>
/// <param name="now">The time that the agent's times are compared with.</param>
internal sealed class StatusReport(TextWriter output, DateTimeOffset now)
{
    private const int BarWidth = 50;

    internal void Write(IReadOnlyList<StreamDescription> streams, IReadOnlyDictionary<string, ChunkMapDescription> maps)
    {
        if (streams.Count == 0)
        {
            output.WriteLine("No streams. A player brings one by POSTing its manifest to /manifests.");
        }

        foreach (var stream in streams)
        {
            Write(stream, maps[stream.SwarmId]);
        }
    }

    private void Write(StreamDescription stream, ChunkMapDescription map)
    {
        output.WriteLine(Text($"{stream.SwarmId}  {stream.State}{(stream.Live ? ", live" : "")}{(stream.Verified ? "" : ", without hashes")}"));
        output.WriteLine(Text($"  players {stream.Players}, chunks {stream.ChunksHeld} of {stream.Chunks}"));
        output.WriteLine(Text($"  from peers {Bytes(stream.Traffic.FromPeers)}, from origin {Bytes(stream.Traffic.FromOrigin)}, to peers {Bytes(stream.Traffic.ToPeers)}, wasted {Bytes(stream.Traffic.Wasted)}, offload {Offload(stream.Traffic)}"));
        foreach (var tracker in stream.Trackers)
        {
            output.WriteLine(Text($"  tracker {tracker.Url} tier {tracker.Tier}: {Standing(tracker)}"));
        }

        foreach (var peer in stream.Peers)
        {
            output.WriteLine(Text($"  peer {peer.PeerId} at {string.Join(", ", peer.Addresses)}: {peer.State}, holds {peer.ChunksHeld?.ToString(CultureInfo.InvariantCulture) ?? "?"}{(peer.BytesPerSecond is { } speed ? $", {Bytes((long)speed)}/s" : "")}"));
        }

        foreach (var level in map.Levels)
        {
            foreach (var segment in level.Segments)
            {
                output.WriteLine(Text($"  {level.Clip} {level.Type} L{level.Level} {segment.From}-{segment.To} [{Bar(segment)}] {segment.Held}"));
            }
        }
    }

    /// <summary>How the agent stands with a tracker, times as distances from now.</summary>
    private string Standing(TrackerDescription tracker)
    {
        var answered = tracker.LastAnswer is { } last ? $"answered {Ago(now - last)} ago" : "never answered";
        var next = tracker.NextAttempt is { } at ? $", next attempt in {Ago(at - now)}" : "";
        var error = tracker.LastError is { } sentence ? $", last error: {sentence.TrimEnd('.')}" : "";
        return tracker.State == "Idle" && tracker.LastAnswer is null ? $"Idle{next}" : $"{tracker.State}, {answered}{next}{error}";
    }

    /// <summary>A span as a person says it; the agent's clock may differ from ours, so it may be below zero.</summary>
    private static string Ago(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 2 } => Text($"{span.TotalSeconds:0} s"),
        { TotalHours: < 2 } => Text($"{span.TotalMinutes:0} min"),
        _ => Text($"{span.TotalHours:0} h"),
    };

    /// <summary>Share of what came in that came from peers.</summary>
    private static string Offload(TrafficDescription traffic)
    {
        var all = traffic.FromPeers + traffic.FromOrigin;
        return all == 0 ? "-" : Text($"{100.0 * traffic.FromPeers / all:0.0} %");
    }

    /// <summary>A cell a stretch of chunks: full, partly or not held.</summary>
    private static string Bar(SegmentMapDescription segment)
    {
        var bits = Convert.FromBase64String(segment.Bitmap);
        var count = (int)(segment.To - segment.From + 1);
        var cells = new char[Math.Min(BarWidth, count)];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var from = (int)((long)cell * count / cells.Length);
            var to = (int)((long)(cell + 1) * count / cells.Length);
            var held = Enumerable.Range(from, to - from).Count(i => (bits[i >> 3] & (0x80 >> (i & 7))) != 0);
            cells[cell] = held == 0 ? '.' : held == to - from ? '#' : '+';
        }

        return new string(cells);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of bytes for people.</summary>
    internal static string Bytes(long count)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double value = count;
        var unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? Text($"{count} B") : Text($"{value:0.0} {units[unit]}");
    }
}
