using Microsoft.Extensions.Logging;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Media.Store;

/// <summary>The manifests of the streams that an agent knows, kept for its next run. One file a swarm, named by a hash.</summary>
public sealed class ManifestShelf(StateFolder folder, ILogger<ManifestShelf> log)
{
    private const int MaxManifests = 100_000;

    /// <summary>Every manifest that is kept, the latest first; what cannot be read is passed over.</summary>
    public async Task<IReadOnlyList<byte[]>> ListAsync(CancellationToken cancellationToken)
    {
        var manifests = new List<byte[]>();
        var files = new DirectoryInfo(folder.ManifestRoot).EnumerateFiles("*.xml").OrderByDescending(f => f.LastWriteTimeUtc);
        foreach (var file in files.Take(MaxManifests))
        {
            try
            {
                if (file.Length <= XmlBody.MaxBytes)
                {
                    manifests.Add(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                MediaLog.ManifestNotKept(log, file.FullName, e.Message);
            }
        }

        return manifests;
    }

    /// <summary>Keeps a manifest in place of an older one. A disk that will not take it is logged; the stream plays all the same.</summary>
    public async Task KeepAsync(SwarmId swarm, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken)
    {
        var file = folder.ManifestFile(swarm);
        var temporary = $"{file}.{Guid.NewGuid():N}{StateFolder.TemporaryEnding}";
        try
        {
            await File.WriteAllBytesAsync(temporary, manifest, cancellationToken);
            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.ManifestNotKept(log, file, e.Message);
        }
    }

    /// <summary>Forgets a manifest.</summary>
    public void Remove(SwarmId swarm)
    {
        try
        {
            File.Delete(folder.ManifestFile(swarm));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.CannotDelete(log, folder.ManifestFile(swarm), e.Message);
        }
    }
}
