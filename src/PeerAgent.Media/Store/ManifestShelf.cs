using Microsoft.Extensions.Logging;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Media.Store;

/// <summary>
/// The manifests of the streams that an agent knows, kept for its next run. One file a swarm, named by a hash; over
/// <see cref="MaxManifests"/>, or half of the bytes that the store may have, the one kept longest ago goes.
/// </summary>
public sealed class ManifestShelf(StateFolder folder, ChunkStore store, ILogger<ManifestShelf> log)
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
        MakeRoom(manifest.Length, isNew: !File.Exists(file));
        if (store.Files.Excess(manifest.Length) > 0 || !store.Files.TryReserve(manifest.Length))
        {
            MediaLog.ManifestNotKept(log, file, $"{StoreOptions.Section}:MaxBytes leaves no room for its {manifest.Length} bytes.");
            return;
        }

        WriteFailure? failure = null;
        var isWritten = false;
        try
        {
            failure = await WholeFile.WriteAsync(file, manifest, cancellationToken);
            isWritten = failure is null;
        }
        finally
        {
            Count(file, manifest.Length, isWritten);
        }

        if (failure is not null)
        {
            MediaLog.ManifestNotKept(log, file, failure.Reason);
        }
    }

    /// <summary>Forgets a manifest.</summary>
    public void Remove(SwarmId swarm) => Delete(folder.ManifestFile(swarm));

    private void Count(string file, long length, bool isWritten)
    {
        if (isWritten)
        {
            store.Files.Kept(file, length);
        }
        else
        {
            store.Files.NotKept(length);
        }
    }

    private void MakeRoom(long length, bool isNew)
    {
        var files = Files("*.xml");
        var tooMany = files.Count - Limit + (isNew ? 1 : 0);
        foreach (var file in files.OrderBy(f => f.LastWriteTimeUtc).TakeWhile(_ => tooMany-- > 0 || store.Files.Excess(length) > 0))
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
            store.Files.Gone(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.CannotDelete(log, file, e.Message);
        }
    }
}
