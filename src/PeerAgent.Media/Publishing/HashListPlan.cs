using System.Globalization;
using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>Which digests go into lists of their own, what the lists are called, and their files.</summary>
/// <param name="clipName">Name of the clip; its last segment is the content id.</param>
internal sealed class HashListPlan(string clipName)
{
    /// <summary>Extension of a list's file, without the dot.</summary>
    internal const string Extension = "sha256";

    /// <summary>Most digests of one level that a manifest is to hold: some 170 KiB of text.</summary>
    internal const int MostInLevel = 4096;

    /// <summary>Most digests of all levels together that a manifest is to hold: two thirds of what it may be long.</summary>
    internal const int MostInManifest = 16384;

    private readonly List<(ChunkId Chunk, string Name, byte[] Content)> _lists = [];

    /// <summary>True when the manifest would become too long without lists.</summary>
    internal static bool IsNeededFor(FolderContent content)
    {
        var counts = content.Components.SelectMany(c => c.Levels).Select(l => l.Count).ToList();
        return counts.Exists(n => n > MostInLevel) || counts.Sum() > MostInManifest;
    }

    /// <summary>Puts the digests of a segment into lists.</summary>
    internal Segment Move(Segment segment, string type)
    {
        var contentId = clipName[(clipName.LastIndexOf('/') + 1)..];
        var lists = new List<HashList>();
        foreach (var (level, hashes) in segment.Hashes.OrderBy(h => h.Key))
        {
            var name = string.Create(
                CultureInfo.InvariantCulture, $"{contentId}-{type}{ChunkLayout.HashesSuffix}-L{level}-{segment.From:D5}.{Extension}");
            var content = hashes.All.ToArray();
            lists.Add(new HashList(level, SHA256.HashData(content), name, hashes.Init));
            _lists.Add((new ChunkId(new LevelId(clipName, type + ChunkLayout.HashesSuffix, level), segment.From), name, content));
        }

        return segment with { Hashes = new Dictionary<int, ChunkHashes>(), HashLists = lists };
    }

    /// <summary>
    /// Writes the lists beside the chunks, or, where that cannot be, into the work folder, and then says so in a warning.
    /// </summary>
    internal async Task<PublishOutcome<List<PublishedChunk>>> WriteAsync(
        string folder, string workFolder, List<string> warnings, CancellationToken ct)
    {
        try
        {
            return new PublishOutcome<List<PublishedChunk>>.Done(await WriteToAsync(folder, ct));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && folder != workFolder)
        {
            warnings.Add($"The hash lists cannot be written beside the chunks ({e.Message.TrimEnd('.')}); an origin needs them: give --chunks.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(e);
        }

        try
        {
            Directory.CreateDirectory(workFolder);
            return new PublishOutcome<List<PublishedChunk>>.Done(await WriteToAsync(workFolder, ct));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(e);
        }
    }

    private static PublishOutcome<List<PublishedChunk>>.Refused Refuse(Exception e) =>
        new($"The hash lists cannot be written ({e.Message.TrimEnd('.')}).");

    private async Task<List<PublishedChunk>> WriteToAsync(string folder, CancellationToken ct)
    {
        var files = _lists.ConvertAll(l => new PublishedChunk(l.Chunk, Path.Combine(Path.GetFullPath(folder), l.Name), l.Content.Length));
        var done = false;
        try
        {
            foreach (var (file, list) in files.Zip(_lists))
            {
                await File.WriteAllBytesAsync(file.File, list.Content, ct);
            }

            done = true;
            return files;
        }
        finally
        {
            if (!done)
            {
                files.ForEach(f => File.Delete(f.File));
            }
        }
    }
}
