using System.Text;

namespace PeerAgent.Media.Store;

/// <summary>Writes the files of new chunks, each into room that was made for it before.</summary>
internal sealed class ChunkWriter(ChunkStore store)
{
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
            var failure = await WholeFile.WriteAsync(entry.Path, content, CancellationToken.None);
            isWritten = failure is null;
            store.Trouble.Written(failure);
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
            && await WholeFile.WriteAsync(store.Folder.SwarmNote(swarm), text, CancellationToken.None) is null;
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

    private void Release(long length)
    {
        lock (store.Gate)
        {
            store.Disk.Release(length);
        }
    }
}
