using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>Makes a stream of a folder of named chunks, or of a media file that it cuts first. Keeps nothing between calls.</summary>
public sealed class Publisher
{
    private static readonly TimeSpan ShortestChunk = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestChunk = TimeSpan.FromSeconds(60);

    private readonly MediaFileCutter _cutter;

    /// <summary>Uses the ffmpeg and ffprobe of the search path.</summary>
    public Publisher()
        : this(new MediaFileCutter())
    {
    }

    internal Publisher(MediaFileCutter cutter) => _cutter = cutter;

    /// <summary>
    /// Reads, or cuts and reads, the chunks, digests each with SHA-256 and puts the stream together. The folder's own
    /// files are not touched; hash lists, where there are any, are put beside them.
    /// </summary>
    /// <param name="request">What to make.</param>
    /// <param name="path">A folder of chunks, or a media file.</param>
    /// <param name="workFolder">Where the chunks of a media file go, and hash lists that cannot be put beside the chunks; made when it is missing. Nothing is added on failure.</param>
    /// <param name="ct">Stops it; ffmpeg too.</param>
    /// <returns>The stream, or one sentence.</returns>
    public async Task<PublishOutcome<Publication>> PublishAsync(
        PublishRequest request, string path, string workFolder, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(workFolder);
        if (FaultOf(request, path) is { } fault)
        {
            return Refuse(fault);
        }

        if (Directory.Exists(path))
        {
            return await PublishFolderAsync(request, path, workFolder, media: null, ct);
        }

        var contentId = request.Name[(request.Name.LastIndexOf('/') + 1)..];
        var cut = await _cutter.CutAsync(path, request.Levels, request.ChunkDuration, contentId, workFolder, ct);
        return cut is PublishOutcome<CutMedia>.Done { Value: var media }
            ? await PublishCutAsync(request, workFolder, media, ct)
            : Refuse(((PublishOutcome<CutMedia>.Refused)cut).Error);
    }

    /// <summary>Publishes the chunks of a file; takes them away again when that fails.</summary>
    private static async Task<PublishOutcome<Publication>> PublishCutAsync(
        PublishRequest request, string workFolder, CutMedia media, CancellationToken ct)
    {
        var done = false;
        try
        {
            var outcome = await PublishFolderAsync(request, workFolder, workFolder, media, ct);
            done = outcome is PublishOutcome<Publication>.Done;
            return outcome;
        }
        finally
        {
            if (!done)
            {
                media.Files.ToList().ForEach(File.Delete);
            }
        }
    }

    private static PublishOutcome<Publication>.Refused Refuse(string error) => new(error);

    private static string? FaultOf(PublishRequest request, string path)
    {
        if (ClipNames.Fault(request.Name) is { } fault)
        {
            return fault;
        }

        var isFolder = Directory.Exists(path);
        return request switch
        {
            { Trackers.Count: 0 } => "Name at least one tracker.",
            _ when !isFolder && !File.Exists(path) => $"'{path}' does not exist; give a folder of chunks or a media file.",
            { Levels.Count: > 0 } when isFolder => "Levels can be asked for only when a media file is published; the chunks of a folder are taken as they are.",
            _ when request.ChunkDuration < ShortestChunk || request.ChunkDuration > LongestChunk =>
                $"A chunk must play {ShortestChunk.TotalSeconds} to {LongestChunk.TotalSeconds} seconds.",
            _ => null,
        };
    }

    private static async Task<PublishOutcome<Publication>> PublishFolderAsync(
        PublishRequest request, string folder, string workFolder, CutMedia? media, CancellationToken ct)
    {
        var read = await ChunkFolder.ReadAsync(folder, ct);
        if (read is not PublishOutcome<FolderContent>.Done { Value: var content })
        {
            return Refuse(((PublishOutcome<FolderContent>.Refused)read).Error);
        }

        var clipName = NameFor(request.Name, content.ContentId);
        if (ClipNames.Fault(clipName) is not null)
        {
            return Refuse($"The chunks begin with '{content.ContentId}', so the clip would be called '{clipName}', which is no clip name; rename the files.");
        }

        var digested = await DigestAsync(content, ct);
        if (digested is not PublishOutcome<Dictionary<ChunkFile, byte[]>>.Done { Value: var digests })
        {
            return Refuse(((PublishOutcome<Dictionary<ChunkFile, byte[]>>.Refused)digested).Error);
        }

        var assembly = new StreamAssembly(request, clipName, media);
        var lists = request.UseHashLists || HashListPlan.IsNeededFor(content) ? new HashListPlan(clipName) : null;
        var info = assembly.Assemble(content, digests, lists);
        var chunks = ChunksOf(content, clipName, assembly).ToList();
        if (FaultOfNames(info, chunks) is { } fault)
        {
            return Refuse(fault);
        }

        var warnings = content.Warnings.ToList();
        if (lists is not null)
        {
            var written = await lists.WriteAsync(folder, workFolder, warnings, ct);
            if (written is not PublishOutcome<List<PublishedChunk>>.Done { Value: var files })
            {
                return Refuse(((PublishOutcome<List<PublishedChunk>>.Refused)written).Error);
            }

            chunks.InsertRange(0, files);
        }

        return new PublishOutcome<Publication>.Done(new Publication(info, chunks, warnings));
    }

    private static async Task<PublishOutcome<Dictionary<ChunkFile, byte[]>>> DigestAsync(FolderContent content, CancellationToken ct)
    {
        var digests = new Dictionary<ChunkFile, byte[]>();
        foreach (var file in content.Components.SelectMany(c => c.Levels.SelectMany(l => l).Concat(c.Inits)))
        {
            var digest = await FileDigests.OfAsync(file, ct);
            if (digest is not PublishOutcome<byte[]>.Done { Value: var bytes })
            {
                return new PublishOutcome<Dictionary<ChunkFile, byte[]>>.Refused(((PublishOutcome<byte[]>.Refused)digest).Error);
            }

            digests[file] = bytes;
        }

        return new PublishOutcome<Dictionary<ChunkFile, byte[]>>.Done(digests);
    }

    /// <summary>The clip's last segment must be what the files begin with, else peers would ask for other names.</summary>
    private static string NameFor(string name, string contentId) =>
        name[(name.LastIndexOf('/') + 1)..] == contentId ? name : $"{name}/{contentId}";

    private static IEnumerable<PublishedChunk> ChunksOf(FolderContent content, string clipName, StreamAssembly assembly)
    {
        foreach (var component in content.Components)
        {
            var type = assembly.TypeOf(component);
            for (var level = 0; level < component.Levels.Count; level++)
            {
                var id = new LevelId(clipName, type, level);
                foreach (var (place, file) in component.Levels[level].Index())
                {
                    yield return new PublishedChunk(new ChunkId(id, component.From + place), file.Path, file.Length);
                }
            }

            foreach (var (level, file) in component.Inits.Index())
            {
                yield return new PublishedChunk(new ChunkId(new LevelId(clipName, type + ChunkLayout.InitSuffix, level), 0), file.Path, file.Length);
            }
        }
    }

    /// <summary>Says which file would not be found under its own name (the number of digits aside), or null.</summary>
    private static string? FaultOfNames(StreamInfo info, List<PublishedChunk> chunks)
    {
        var layout = new ChunkLayout(info);
        foreach (var chunk in chunks)
        {
            var file = Path.GetFileName(chunk.File);
            var name = layout.NameOf(chunk.Chunk);
            var same = file == name
                || (ChunkName.TryParse(file, out var own) && ChunkName.TryParse(name, out var canonical) && own == canonical);
            if (!same)
            {
                return $"'{file}' would be called '{name}' in the stream; rename it.";
            }
        }

        return null;
    }
}
