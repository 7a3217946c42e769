namespace PeerAgent.Media.Store;

/// <summary>
/// Chunks on disk whose stream is not open, by the folder of their level: it is not known which swarm that is until its
/// manifest comes. Guarded by the store's lock.
/// </summary>
/// <param name="trouble">Deletes files.</param>
internal sealed class UnclaimedChunks(DiskTrouble trouble)
{
    private readonly Dictionary<string, HashSet<ChunkEntry>> _folders = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes in every chunk below a folder; leftovers, empty files and chunks that are too large are deleted, files of
    /// others left alone.
    /// </summary>
    /// <returns>The chunks, the one written first first.</returns>
    internal IEnumerable<ChunkEntry> Count(string root, long maxLength)
    {
        var found = new List<(ChunkEntry Entry, DateTime Written)>();
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var isChunk = ChunkFile.TryParseName(file.Name, out _, out var fingerprint);
            if (file.Extension == StateFolder.TemporaryEnding || (isChunk && (file.Length == 0 || file.Length > maxLength)))
            {
                trouble.TryDelete(file.FullName);
            }
            else if (isChunk)
            {
                found.Add((new ChunkEntry(file.FullName, file.Length, fingerprint) { IsOnDisk = true }, file.LastWriteTimeUtc));
            }
        }

        foreach (var (entry, _) in found.OrderBy(f => f.Written))
        {
            Add(entry);
            yield return entry;
        }
    }

    /// <summary>Bytes of the notes beside the chunks that were counted; notes and folders without any chunk are deleted.</summary>
    internal long CountNotes(string root)
    {
        var used = _folders.Keys.Select(f => Path.GetDirectoryName(f)!).ToHashSet(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var swarm in new DirectoryInfo(root).EnumerateDirectories().ToList())
        {
            // Nothing is pinned before the agent says so.
            trouble.TryDelete(Path.Combine(swarm.FullName, StateFolder.PinName));
            var note = new FileInfo(Path.Combine(swarm.FullName, StateFolder.NoteName));
            if (used.Contains(swarm.FullName))
            {
                bytes += note.Exists ? note.Length : 0;
            }
            else if (trouble.TryDelete(note.FullName))
            {
                RemoveEmpty(swarm);
            }
        }

        return bytes;
    }

    internal void Add(ChunkEntry entry)
    {
        var folder = FolderOf(entry);
        if (!_folders.TryGetValue(folder, out var entries))
        {
            _folders.Add(folder, entries = []);
        }

        entries.Add(entry);
    }

    internal void Remove(ChunkEntry entry)
    {
        if (_folders.TryGetValue(FolderOf(entry), out var entries) && entries.Remove(entry) && entries.Count == 0)
        {
            _folders.Remove(FolderOf(entry));
        }
    }

    /// <summary>Takes out all chunks of a level.</summary>
    internal IReadOnlyCollection<ChunkEntry> Take(string folder) => _folders.Remove(folder, out var entries) ? entries : [];

    private void RemoveEmpty(DirectoryInfo swarm)
    {
        foreach (var folder in swarm.EnumerateDirectories().Append(swarm).ToList())
        {
            if (!folder.EnumerateFileSystemInfos().Any())
            {
                trouble.TryDelete(folder.FullName);
            }
        }
    }

    private static string FolderOf(ChunkEntry entry) => Path.GetDirectoryName(entry.Path)!;
}
