using System.Diagnostics.CodeAnalysis;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>Finds the chunks in a folder by their names (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
internal static class ChunkFolder
{
    /// <summary>Most bytes of one chunk.</summary>
    internal const long MaxChunkLength = 64L << 20;

    private const int WarnedNames = 8;
    private const string InitFile = "init.mp4";

    /// <summary>Extensions of files that usually lie beside chunks; nothing is said about them.</summary>
    private static readonly string[] Companions = [".xml", ".txt", ".md", ".m3u8", ".mpd", ".sh", "." + HashListPlan.Extension];

    /// <summary>
    /// Reads the names and lengths of the folder's files, not their content and no folders below. Hidden files are left
    /// out, and so are files that are no chunks; the latter are named in a warning.
    /// </summary>
    internal static async Task<PublishOutcome<FolderContent>> ReadAsync(string path, CancellationToken ct) =>
        await Task.Run(() => Read(path, ct), ct);

    private static PublishOutcome<FolderContent> Read(string path, CancellationToken ct)
    {
        if (!Directory.Exists(path))
        {
            return Refuse($"The folder '{path}' does not exist.");
        }

        try
        {
            var files = new List<ChunkFile>();
            var strangers = new List<string>();
            foreach (var file in Directory.EnumerateFiles(Path.GetFullPath(path)))
            {
                ct.ThrowIfCancellationRequested();
                if (!TryTake(file, files, strangers, out var fault))
                {
                    return Refuse(fault);
                }
            }

            files.Sort((a, b) => string.CompareOrdinal(a.FileName, b.FileName));
            strangers.Sort(string.CompareOrdinal);
            return Assemble(path, files, strangers);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The folder '{path}' cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }

    private static PublishOutcome<FolderContent>.Refused Refuse(string error) => new(error);

    /// <summary>Puts a file where it belongs; false when it makes the whole folder unfit.</summary>
    private static bool TryTake(string path, List<ChunkFile> files, List<string> strangers, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        var file = Path.GetFileName(path);
        if (file.StartsWith('.') || Companions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!ChunkName.TryParse(file, out var name) && file != InitFile)
        {
            strangers.Add(file);
            return true;
        }

        var length = LengthOf(path);
        fault = (length, files.Count) switch
        {
            (0, _) => $"'{file}' is empty; write it again or remove it.",
            ( > MaxChunkLength, _) => $"'{file}' is larger than {MaxChunkLength >> 20} MiB, the most a chunk may have; cut the content into shorter chunks.",
            (_, >= ChunkMap.MaxLength) => $"The folder holds more than {ChunkMap.MaxLength} chunks, the most a stream may have; cut the content into longer chunks.",
            _ => null,
        };
        files.Add(new ChunkFile(path, name, length));
        return fault is null;
    }

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.Length : file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : 0;
    }

    private static PublishOutcome<FolderContent> Assemble(string path, List<ChunkFile> files, List<string> strangers)
    {
        var ids = files.Where(f => f.Name is not null).Select(f => f.Name!.ContentId).Distinct().ToList();
        var contents = ids.Where(id => !IsInitOf(id, ids)).ToList();
        var fault = contents switch
        {
            [] => $"The folder '{path}' has no chunks; their names look like 'name-00000.mp4' or 'name-L0-00000.ts'.",
            [var only] when !ChunkName.IsUnambiguousContentId(only) =>
                $"The content id '{only}' ends like a level or a view, so its chunk names could not be read back; rename the files.",
            [_] => null,
            _ => $"The folder holds the chunks of several contents ({string.Join(", ", contents.Order(StringComparer.Ordinal).Take(4))}); put each into a folder of its own.",
        };
        if (fault is not null)
        {
            return Refuse(fault);
        }

        var chunks = files.Where(f => f.Name?.ContentId == contents[0]).ToList();
        var inits = files.Where(f => f.Name?.ContentId != contents[0]).ToList();
        var components = new List<FolderComponent>();
        foreach (var group in chunks.GroupBy(f => f.Name!.Extension))
        {
            if (!FolderComponents.TryMake([.. group], out var component, out fault))
            {
                return Refuse(fault);
            }

            components.Add(component);
        }

        components.Sort((a, b) => Rank(a.Type).CompareTo(Rank(b.Type)));
        fault = FolderComponents.FaultOfMixture(components) ?? FolderInits.Attach(components, inits);
        return fault is null
            ? new PublishOutcome<FolderContent>.Done(new FolderContent(contents[0], components, Warn(strangers)))
            : Refuse(fault);
    }

    private static bool IsInitOf(string id, List<string> ids) =>
        id.EndsWith(ChunkLayout.InitSuffix, StringComparison.Ordinal) && ids.Contains(id[..^ChunkLayout.InitSuffix.Length]);

    private static int Rank(string type) => type switch { "video" => 0, "audio" => 1, _ => 2 };

    private static List<string> Warn(List<string> strangers)
    {
        if (strangers.Count == 0)
        {
            return [];
        }

        var more = strangers.Count > WarnedNames ? $" and {strangers.Count - WarnedNames} more" : "";
        return [$"Left out, because the names are no chunk names: {string.Join(", ", strangers.Take(WarnedNames))}{more}."];
    }
}
