using Microsoft.Extensions.Logging;

namespace PeerAgent.Media.Store;

/// <summary>Says what goes wrong on disk: what lasts is said once, not once a chunk.</summary>
internal sealed class DiskTrouble(string folder, ILogger log)
{
    private bool _failed;
    private bool _fullTold;

    /// <summary>A write went wrong for the reason given, or well when there is none.</summary>
    internal void Written(string? failure)
    {
        if (Interlocked.Exchange(ref _failed, failure is not null) == failure is not null)
        {
            return;
        }

        if (failure is null)
        {
            MediaLog.DiskWorksAgain(log, folder);
        }
        else
        {
            MediaLog.DiskFailed(log, folder, failure);
        }
    }

    /// <summary>There was no room that may be taken.</summary>
    internal void Full(long length, long maxBytes)
    {
        if (!Interlocked.Exchange(ref _fullTold, true))
        {
            MediaLog.StoreFull(log, length, maxBytes);
        }
    }

    internal void Damaged(ChunkEntry entry) => MediaLog.DamagedOnDisk(log, entry.Chunk.ToString(), entry.Path);

    internal void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.CannotDelete(log, path, e.Message);
        }
    }
}
