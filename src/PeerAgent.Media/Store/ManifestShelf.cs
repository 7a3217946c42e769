using Microsoft.Extensions.Logging;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Media.Store;

/// <summary>
/// The manifests of the streams that an agent knows, kept for its next run. One file a swarm, named by a hash; over
/// <see cref="MaxManifests"/> the one kept longest ago goes.
/// </summary>
public sealed class ManifestShelf(StateFolder folder, ILogger<ManifestShelf> log)
{
    /// <summary>Most manifests on the shelf.</summary>
    public const int MaxManifests = 100_000;

    private const long MaxListedBytes = 256L << 20;

    /// <summary>Most manifests on this shelf.</summary>
    internal int Limit { get; init; } = MaxManifests;

    /// <summary>
    /// The manifests that are kept, the latest first, at most 256 MiB of them; what cannot be read is passed over, and
    /// leftovers of writes that were cut off are deleted.
    /// </summary>
    public async Task<IReadOnlyList<byte[]>> ListAsync(CancellationToken cancellationToken)
    {
        var manifests = new List<byte[]>();
        var room = MaxListedBytes;
        foreach (var leftover in Files("*" + StateFolder.TemporaryEnding))
        {
            Delete(leftover.FullName);
        }

        foreach (var file in Files("*.xml").OrderByDescending(f => f.LastWriteTimeUtc).Take(Limit))
        {
            try
            {
                if (file.Length <= Math.Min(room, XmlBody.MaxBytes))
                {
                    manifests.Add(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
                    room -= manifests[^1].Length;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                MediaLog.ManifestNotKept(log, file.FullName, e.Message);
            }
        }

        return manifests;
    }

    /// <summary>
    /// Keeps a manifest in place of an older one. A disk that will not take it is logged; the stream plays all the same. One
    /// longer than <see cref="XmlBody.MaxBytes"/> bytes is not kept.
    /// </summary>
    public async Task KeepAsync(SwarmId swarm, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken)
    {
        if (manifest.Length > XmlBody.MaxBytes)
        {
            return;
        }

        var file = folder.ManifestFile(swarm);
        if (!File.Exists(file))
        {
            MakeRoom();
        }

        if (await WholeFile.WriteAsync(file, manifest, cancellationToken) is { } failure)
        {
            MediaLog.ManifestNotKept(log, file, failure.Reason);
        }
    }

    /// <summary>Forgets a manifest.</summary>
    public void Remove(SwarmId swarm) => Delete(folder.ManifestFile(swarm));

    private void MakeRoom()
    {
        var files = Files("*.xml");
        foreach (var file in files.OrderBy(f => f.LastWriteTimeUtc).Take(files.Count - Limit + 1))
        {
            Delete(file.FullName);
        }
    }

    private List<FileInfo> Files(string pattern)
    {
        try
        {
            return [.. new DirectoryInfo(folder.ManifestRoot).EnumerateFiles(pattern)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.ManifestNotKept(log, folder.ManifestRoot, e.Message);
            return [];
        }
    }

    private void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.CannotDelete(log, file, e.Message);
        }
    }
}
