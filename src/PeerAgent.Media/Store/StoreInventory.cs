using Microsoft.Extensions.Options;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Store;

/// <summary>The chunks in a state folder, looked at from outside: nothing in it is opened, locked or changed but by <see cref="Clear"/>.</summary>
public static class StoreInventory
{
    private const int LongestNote = 4096;
    private const int FolderNameLength = 32;

    /// <summary>The streams of which there is anything in the folder, the largest first. An agent may use the folder meanwhile.</summary>
    /// <param name="options">Says where the folder is.</param>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static IReadOnlyList<StoredStream> Read(StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var root = StateFolder.ChunkRootOf(StateFolder.RootOf(options));
        try
        {
            return Directory.Exists(root)
                ? [.. SwarmFolders(root).Select(Read).Where(s => s.Bytes > 0).OrderByDescending(s => s.Bytes).ThenBy(s => s.Folder, StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{root} cannot be read ({e.Message.TrimEnd('.')}); see to its rights, or set {StoreOptions.Section}:Path.");
        }
    }

    /// <summary>Deletes the chunks of one stream, or of all. What the agent knows of streams, and who it is, stays.</summary>
    /// <param name="options">Says where the folder is.</param>
    /// <param name="swarm">The stream, or null for all.</param>
    /// <returns>What was there.</returns>
    /// <exception cref="StoreUnavailableException">An agent uses the folder, or something cannot be deleted.</exception>
    public static IReadOnlyList<StoredStream> Clear(StoreOptions options, SwarmId? swarm)
    {
        var there = Read(options);
        if (there.Count == 0)
        {
            return there;
        }

        using var folder = Lock(options);
        var only = swarm is { } one ? Path.GetFileName(folder.SwarmFolder(one)) : null;
        var cleared = there.Where(s => only is null || s.Folder == only).ToList();
        try
        {
            foreach (var stream in cleared)
            {
                Directory.Delete(Path.Combine(folder.ChunkRoot, stream.Folder), recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"Not all chunks in {folder.Root} could be deleted ({e.Message.TrimEnd('.')}); see to the rights of the folder.");
        }

        return cleared;
    }

    private static StateFolder Lock(StoreOptions options)
    {
        try
        {
            return new StateFolder(Options.Create(options));
        }
        catch (StoreUnavailableException e) when (e.IsInUse)
        {
            throw new StoreUnavailableException(
                $"The state folder {StateFolder.RootOf(options)} is in use by a running agent; stop it and clear then, or DELETE the stream " +
                "from its proxy: its chunks then make way when room is needed.");
        }
    }

    private static IEnumerable<DirectoryInfo> SwarmFolders(string root) => new DirectoryInfo(root).EnumerateDirectories()
        .Where(f => f.LinkTarget is null && f.Name.Length == FolderNameLength && f.Name.All(char.IsAsciiHexDigitLower));

    private static StoredStream Read(DirectoryInfo folder)
    {
        var (chunks, bytes) = (0L, 0L);
        try
        {
            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                if (LengthOf(file) is { } length)
                {
                    chunks += ChunkFile.TryParseName(file.Name, out _, out _) ? 1 : 0;
                    bytes += length;
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted while it was read: then that is what there is of it.
            return new StoredStream(null, folder.Name, chunks, bytes, Pinned: false);
        }

        return new StoredStream(SwarmIn(folder), folder.Name, chunks, bytes, File.Exists(Path.Combine(folder.FullName, StateFolder.PinName)));
    }

    private static long? LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static string? SwarmIn(DirectoryInfo folder)
    {
        var note = new FileInfo(Path.Combine(folder.FullName, StateFolder.NoteName));
        try
        {
            return note.Exists && note.Length <= LongestNote && SwarmId.TryParse(File.ReadAllText(note.FullName).TrimEnd('\n'), out var swarm)
                ? swarm.Value
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It can be told by its folder too.
            return null;
        }
    }
}
