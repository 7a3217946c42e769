using System.Collections.Frozen;
using PeerAgent.Media.Streams;
using PeerAgent.Streams;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Proxy;

/// <summary>Tells a stream as JSON: what it is, what is held of it, who helps.</summary>
internal static class StreamDescriber
{
    /// <summary>Where a stream is found at the proxy.</summary>
    internal static string PathOf(AgentStream stream) => $"/streams/{Uri.EscapeDataString(stream.Info.SwarmId.Value)}";

    internal static StreamDescription Describe(AgentStream stream, HttpRequest request)
    {
        var active = stream.Active;
        var info = stream.Info;
        var baseUrl = $"{request.Scheme}://{request.Host}{PathOf(stream)}/";
        var traffic = active?.Swarm.Traffic;
        return new StreamDescription
        {
            SwarmId = info.SwarmId.Value,
            State = stream.State,
            Live = info.IsLive,
            Verified = info.Clips.All(c => c.Components.All(p => p.Segments.All(IsVerified))),
            ChunkBaseUrl = baseUrl,
            PlaylistUrl = baseUrl + "index.m3u8",
            Players = stream.Players.Count,
            Chunks = stream.Layout.ChunkCount,
            ChunksHeld = active?.Chunks.HeldCount ?? 0,
            Clips = [.. info.Clips.Select(clip => Describe(clip, stream))],
            Trackers = [.. TrackersOf(stream)],
            Peers = [.. PeersOf(active)],
            Traffic = new TrafficDescription(
                traffic?.DownloadedBytes ?? 0, traffic?.OriginBytes ?? 0, traffic?.UploadedBytes ?? 0, traffic?.WastedBytes ?? 0),
        };
    }

    internal static ChunkMapDescription DescribeMap(AgentStream stream) => new(
        stream.Info.SwarmId.Value,
        [
            .. (stream.Active?.Chunks.GetMaps() ?? []).Select(level => new LevelMapDescription(
                level.Level.Clip, level.Level.Type, level.Level.Level, [.. level.Segments.Select(Describe)])),
        ]);

    private static SegmentMapDescription Describe(ChunkMap map)
    {
        var bits = new byte[ChunkMap.ByteLength(map.Length)];
        map.CopyBitsTo(bits);
        return new SegmentMapDescription(map.From, map.To, map.Count, Convert.ToBase64String(bits));
    }

    /// <summary>How the latest fetch of a chunk went.</summary>
    internal static TraceDescription DescribeTrace(AgentStream stream, ChunkTrace trace) => new(
        stream.Layout.NameOf(trace.Chunk),
        trace.Started,
        trace.End,
        trace.Dropped,
        [.. trace.Steps.Select(s => new TraceStepDescription(Math.Round(s.After.TotalMilliseconds, 1), s.Source, s.What, s.Bytes, s.Detail))]);

    private static bool IsVerified(Segment segment) =>
        segment.Hashes.Count + segment.HashLists.Count >= segment.Levels;

    private static ClipDescription Describe(Clip clip, AgentStream stream)
    {
        var held = (stream.Active?.Chunks.GetMaps() ?? []).ToFrozenDictionary(m => m.Level, m => m.Segments);
        var levels = stream.Layout.Levels
            .Where(range => range.Level.Clip == clip.Name)
            .Select(range => Describe(range, clip, stream.Layout, held.GetValueOrDefault(range.Level, [])));
        return new ClipDescription(clip.Name, clip.Description, clip.Duration?.TotalSeconds, [.. levels]);
    }

    private static LevelDescription Describe(LevelRange range, Clip clip, ChunkLayout layout, IReadOnlyList<ChunkMap> held)
    {
        var quality = clip.Video?.Qualities.Where(q => q.Level <= range.Level.Level).MaxBy(q => q.Level);
        return new LevelDescription
        {
            Type = range.Level.Type,
            Level = range.Level.Level,
            From = range.From,
            To = range.From + range.Count - 1,
            Chunks = range.Count,
            Held = held.FirstOrDefault(m => m.From == range.From)?.Count ?? 0,
            Width = range.Level.Type == "video" ? quality?.Width : null,
            Height = range.Level.Type == "video" ? quality?.Height : null,
            Bitrate = range.Level.Type == "video" ? quality?.Bitrate : null,
            FirstChunk = layout.NameOf(new ChunkId(range.Level, range.From)),
        };
    }

    private static IEnumerable<TrackerDescription> TrackersOf(AgentStream stream) =>
        stream.Active?.Membership.Trackers.Select(t => new TrackerDescription(
            t.Url, t.Tier, t.State.ToString(), t.LastAnswer, t.LastError, t.NextAttempt))
        ?? stream.Info.Trackers.Select(t => new TrackerDescription(
            new TrackerEndpoint(t.Url, t.Tier).Name, t.Tier, nameof(TrackerState.Idle), null, null, null));

    private static IEnumerable<PeerDescription> PeersOf(ActiveStream? active) =>
        active?.Swarm.Peers.Select(p => new PeerDescription(
            p.PeerId.Value,
            [.. p.Addresses.Select(a => a.ToString())],
            p.State.ToString(),
            p.HeldChunks,
            p.BytesPerSecond,
            p.Latency?.TotalMilliseconds)) ?? [];
}
