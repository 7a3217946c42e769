using System.Security.Cryptography;
using System.Text;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Publishing;

/// <summary>Puts together what the manifest will say about chunks that were found and digested.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="clipName">Name of the clip; its last segment is the content id.</param>
/// <param name="media">What is known of a file that was cut, or null for a folder.</param>
internal sealed class StreamAssembly(PublishRequest request, string clipName, CutMedia? media)
{
    private const int DerivedIdLength = 40;

    /// <summary>The stream.</summary>
    /// <param name="content">The chunks.</param>
    /// <param name="digests">The digest of every chunk by its file.</param>
    /// <param name="lists">Takes the digests out of the manifest; null when they stay in it. The swarm id is the same.</param>
    internal StreamInfo Assemble(FolderContent content, IReadOnlyDictionary<ChunkFile, byte[]> digests, HashListPlan? lists)
    {
        var components = content.Components
            .Select(c => new Component(TypeOf(c), [SegmentOf(c, digests)])).ToList();
        var swarmId = request.SwarmId ?? DeriveSwarmId(components);
        if (lists is not null)
        {
            components = components.ConvertAll(c => c with { Segments = [.. c.Segments.Select(s => lists.Move(s, c.Type))] });
        }

        return new StreamInfo
        {
            SwarmId = swarmId,
            Trackers = request.Trackers,
            Origins = [.. request.Origins.OrderBy(o => o.Priority)],
            Clips =
            [
                new Clip
                {
                    Name = clipName,
                    Duration = media?.Duration,
                    Description = request.Description?.Trim() ?? "",
                    Video = VideoOf(content.Components[0]),
                    AudioCodec = media is { HasAudio: true } ? "mp4a" : null,
                    Components = components,
                },
            ],
        };
    }

    /// <summary>The component's type: a file without a picture gives chunks of sound, whatever their extension.</summary>
    internal string TypeOf(FolderComponent component) => media is { HasVideo: false } ? "audio" : component.Type;

    private static ChunkHashes HashesOf(FolderComponent component, int level, IReadOnlyDictionary<ChunkFile, byte[]> digests)
    {
        var init = level < component.Inits.Count ? digests[component.Inits[level]] : null;
        return new ChunkHashes([.. component.Levels[level].SelectMany(f => digests[f])], init);
    }

    private static string? InitNameOf(FolderComponent component) => component.Inits switch
    {
        [] => null,
        [{ Name: { Kind: not LevelKind.None } name }, ..] => name.ToString(),
        [var only, ..] => only.FileName,
    };

    private Segment SegmentOf(FolderComponent component, IReadOnlyDictionary<ChunkFile, byte[]> digests) => new()
    {
        From = component.From,
        Count = component.Levels[0].Count,
        IsRange = component.From != 0,
        Levels = component.Levels.Count,
        HasLevels = component.Form.Kind != LevelKind.None,
        ChunkDuration = media is null ? null : request.ChunkDuration,
        Bitrate = component.Levels.Count == 1 ? BitrateOf(component, 0) : null,
        Init = InitNameOf(component),
        Extension = component.Form.Extension,
        Views = component.Form.Views,
        Hashes = Enumerable.Range(0, component.Levels.Count).ToDictionary(l => l, l => HashesOf(component, l, digests)),
    };

    /// <summary>The picture: known for a file that was cut; for a folder only what the names of the chunks tell.</summary>
    private VideoDescription? VideoOf(FolderComponent component)
    {
        if (media is { HasVideo: true })
        {
            return new VideoDescription(
                "avc1",
                media.FramesPerSecond,
                [.. media.Sizes.Select((s, level) => new VideoQuality(s.Width, s.Height, level, BitrateOf(component, level)))]);
        }

        return (component.Form.Kind, component.Form.Extension.ToLowerInvariant()) switch
        {
            (LevelKind.Description, _) => new VideoDescription("MDC", null, []),
            (LevelKind.Layer, "264" or "svc") => new VideoDescription("SVC", null, []),
            _ => null,
        };
    }

    private long? BitrateOf(FolderComponent component, int level) =>
        media is { Duration.Ticks: > 0 }
            ? Math.Max(1, (long)(component.Levels[level].Sum(f => f.Length) * 8 / media.Duration.TotalSeconds))
            : null;

    private SwarmId DeriveSwarmId(List<Component> components)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(clipName));
        foreach (var hashes in components.SelectMany(c => c.Segments[0].Hashes.OrderBy(h => h.Key)).Select(h => h.Value))
        {
            hash.AppendData(hashes.All.Span);
            hash.AppendData((hashes.Init ?? default).Span);
        }

        var text = Convert.ToHexStringLower(hash.GetHashAndReset())[..DerivedIdLength];
        return SwarmId.TryParse(text, out var id) ? id : throw new InvalidOperationException($"'{text}' is not a swarm id.");
    }
}
