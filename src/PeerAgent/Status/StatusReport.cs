using System.Globalization;
using PeerAgent.Proxy;

namespace PeerAgent.Status;

/// <summary>Prints the state of an agent for a person: a block a stream, the ChunkMap of each level as a bar.</summary>
internal static class StatusReport
{
    private const int BarWidth = 50;

    internal static void Write(
        TextWriter output, IReadOnlyList<StreamDescription> streams, IReadOnlyDictionary<string, ChunkMapDescription> maps)
    {
        if (streams.Count == 0)
        {
            output.WriteLine("No streams. A player brings one by POSTing its manifest to /manifests.");
        }

        foreach (var stream in streams)
        {
            Write(output, stream, maps[stream.SwarmId]);
        }
    }

    private static void Write(TextWriter output, StreamDescription stream, ChunkMapDescription map)
    {
        output.WriteLine(Text($"{stream.SwarmId}  {stream.State}{(stream.Live ? ", live" : "")}{(stream.Verified ? "" : ", without hashes")}"));
        output.WriteLine(Text($"  players {stream.Players}, chunks {stream.ChunksHeld} of {stream.Chunks}"));
        output.WriteLine(Text($"  from peers {Bytes(stream.Traffic.FromPeers)}, from origin {Bytes(stream.Traffic.FromOrigin)}, to peers {Bytes(stream.Traffic.ToPeers)}, wasted {Bytes(stream.Traffic.Wasted)}, offload {Offload(stream.Traffic)}"));
        foreach (var tracker in stream.Trackers)
        {
            output.WriteLine(Text($"  tracker {tracker.Url} tier {tracker.Tier}: {tracker.State}{Suffix(", last answer ", tracker.LastAnswer?.ToString("u", CultureInfo.InvariantCulture))}{Suffix(", last error ", tracker.LastError)}"));
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

    private static string Suffix(string label, string? value) => value is null ? "" : label + value;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

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
