using System.Text;

namespace PeerAgent.Media.Store;

/// <summary>Writes the files of new chunks, each into room that was made for it before.</summary>
internal sealed class ChunkWriter(ChunkStore store)
{
    /// <summary>Writes a whole file.</summary>
    internal Func<string, ReadOnlyMemory<byte>, Task<WriteFailure?>> Write { get; set; } =
        static (path, content) => WholeFile.WriteAsync(path, content, CancellationToken.None);

    /// <summary>
    /// Writes a chunk's file where room can be made for it; the room stays promised for the one who counts the file. False
    /// when there is no room or the disk does not take it; then no room is promised any more.
    /// </summary>
    internal async Task<bool> TryWriteAsync(ChunkEntry entry, StreamChunks owner, ReadOnlyMemory<byte> content)
    {
        if (!TryReserve(entry.Length))
        {
            store.Trouble.Full(entry.Length, store.Options.MaxBytes);
            return false;
        }

        var isWritten = false;
        try
        {
            var failure = await Write(entry.Path, content);
            if (failure is { IsFull: true } && MakeSpace(entry.Length))
            {
                failure = await Write(entry.Path, content);
            }

            isWritten = failure is null;
            store.Trouble.Written(failure?.Reason);
        }
        finally
        {
            if (!isWritten)
            {
                Release(entry.Length);
            }
        }

        if (isWritten)
        {
            await NoteAsync(owner);
        }

        return isWritten;
    }

    /// <summary>The swarm's id goes beside its first chunk, for people who look there; without it all works too.</summary>
    private async Task NoteAsync(StreamChunks owner)
    {
        lock (store.Gate)
        {
            if (owner.IsNoted)
            {
                return;
            }

            owner.IsNoted = true;
        }

        var swarm = owner.Layout.Stream.SwarmId;
        var text = Encoding.UTF8.GetBytes(swarm.Value + "\n");
        var isReserved = TryReserve(text.Length);
        var isWritten = isReserved
            && await Write(store.Folder.SwarmNote(swarm), text) is null;
        lock (store.Gate)
        {
            owner.IsNoted = isWritten;
            store.Disk.Release(isReserved ? text.Length : 0);
            store.Disk.AddNote(isWritten ? text.Length : 0);
        }
    }

    private bool TryReserve(long length)
    {
        bool isReserved;
        lock (store.Gate)
        {
            isReserved = store.Disk.TryReserve(length);
        }

        store.Announce();
        return isReserved;
    }

    /// <summary>The disk is full before the limit is reached: of what lies there, what is missed least makes way.</summary>
    private bool MakeSpace(long length)
    {
        bool isMade;
        lock (store.Gate)
        {
            isMade = store.Disk.TryEvict(length);
        }

        store.Announce();
        return isMade;
    }

    private void Release(long length)
    {
        lock (store.Gate)
        {
            store.Disk.Release(length);
        }
    }
}
