using Microsoft.Extensions.Logging;

namespace PeerAgent.Media.Store;

/// <summary>Says what goes wrong on disk: what lasts is said once, not once a chunk. Safe for concurrent use.</summary>
internal sealed class DiskTrouble(string folder, ILogger log)
{
    /// <summary>So many writes in a row must go well before trouble counts as over: a disk that is nearly full takes some.</summary>
    internal const int WellAgain = 4;

    private readonly Lock _gate = new();
    private bool _failed;
    private bool _fullTold;
    private bool _deleteFailed;
    private int _wellSince;

    /// <summary>A write went wrong for the reason given, or well when there is none.</summary>
    internal void Written(string? failure)
    {
        lock (_gate)
        {
            _wellSince = failure is null ? _wellSince + 1 : 0;
            if (failure is not null && !_failed)
            {
                _failed = true;
                MediaLog.DiskFailed(log, folder, failure);
            }
            else if (_failed && _wellSince >= WellAgain)
            {
                _failed = false;
                MediaLog.DiskWorksAgain(log, folder);
            }
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

    /// <summary>Deletes a file, or an empty folder in the place of one; false when that does not work.</summary>
    internal bool TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            File.Delete(path);
            Volatile.Write(ref _deleteFailed, false);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!Interlocked.Exchange(ref _deleteFailed, true))
            {
                MediaLog.CannotDelete(log, path, e.Message);
            }

            return false;
        }
    }

    /// <summary>Puts an empty file there as a mark, or takes it away; a disk that does not take it has trouble that is told elsewhere.</summary>
    internal void Mark(string path, bool isSet)
    {
        if (!isSet)
        {
            TryDelete(path);
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Written(e.Message);
        }
    }
}
