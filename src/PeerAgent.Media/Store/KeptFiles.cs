namespace PeerAgent.Media.Store;

/// <summary>
/// The files in the state folder that are neither chunks nor their notes: manifests and the identity. They count against the
/// limit like chunks, which make way for them. Safe for concurrent use.
/// </summary>
internal sealed class KeptFiles(ChunkStore store)
{
    /// <summary>Bytes that an identity which is still to be made will need, and more.</summary>
    private const long IdentityBytes = 64;

    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private long _bytes;
    private long _reserved;

    /// <summary>Most bytes of manifests: half of what may be kept.</summary>
    private long Most => store.Options.MaxBytes / 2;

    /// <summary>Counts what is there.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    internal void CountAll()
    {
        var folder = store.Folder;
        var identity = new FileInfo(folder.IdentityFile);
        store.Disk.AddNote(identity.Exists ? identity.Length : IdentityBytes);
        foreach (var file in new DirectoryInfo(folder.ManifestRoot).EnumerateFiles())
        {
            Count(file.FullName, file.Length);
        }
    }

    /// <summary>Bytes over the limit for manifests once so many more lie there; 0 or less when there is room.</summary>
    internal long Excess(long length)
    {
        lock (store.Gate)
        {
            return _bytes + _reserved + length - Most;
        }
    }

    /// <summary>Promises room for a file, evicting chunks if need be. False when it cannot be made.</summary>
    internal bool TryReserve(long length)
    {
        bool isReserved;
        lock (store.Gate)
        {
            isReserved = store.Disk.TryReserve(length);
            _reserved += isReserved ? length : 0;
        }

        store.Announce();
        return isReserved;
    }

    /// <summary>The file for which room was promised is there now, in place of an older one.</summary>
    internal void Kept(string path, long length)
    {
        lock (store.Gate)
        {
            GiveBack(length);
            Count(path, length);
        }
    }

    /// <summary>The file for which room was promised did not come.</summary>
    internal void NotKept(long length)
    {
        lock (store.Gate)
        {
            GiveBack(length);
        }
    }

    /// <summary>The file is gone; no effect on one that was not counted.</summary>
    internal void Gone(string path)
    {
        lock (store.Gate)
        {
            Count(path, 0);
        }
    }

    private void GiveBack(long length)
    {
        store.Disk.Release(length);
        _reserved -= length;
    }

    private void Count(string path, long length)
    {
        var more = length - _lengths.GetValueOrDefault(path);
        _bytes += more;
        store.Disk.AddNote(more);
        if (length > 0)
        {
            _lengths[path] = length;
        }
        else
        {
            _lengths.Remove(path);
        }
    }
}
