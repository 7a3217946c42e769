using System.Diagnostics.CodeAnalysis;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>The chunks that there are of a stream, and the maps that tell which of them are promised. Guarded by the store's lock.</summary>
internal sealed class HeldChunks(ChunkLayout layout)
{
    private readonly Dictionary<ChunkId, ChunkEntry> _entries = [];
    private ChunkLayout _layout = layout;

    /// <summary>The maps: chunks on disk that the layout has, and that can be verified with what is known or on disk too.</summary>
    internal HeldMaps Maps { get; private set; } = new(layout);

    /// <summary>All chunks, also those that only memory holds and those outside a live window.</summary>
    internal IReadOnlyCollection<ChunkEntry> All => _entries.Values;

    internal bool TryGet(ChunkId chunk, [NotNullWhen(true)] out ChunkEntry? entry) => _entries.TryGetValue(chunk, out entry);

    internal bool Has(ChunkEntry entry) => _entries.TryGetValue(entry.Chunk, out var known) && known == entry;

    /// <summary>Puts a chunk in. True when that changes what is promised.</summary>
    internal bool Add(ChunkEntry entry)
    {
        _entries[entry.Chunk] = entry;
        return IsList(entry) ? Redraw() : IsPromised(entry) && Maps.Add(entry.Chunk);
    }

    /// <summary>Takes a chunk out, if it is in. True when that changes what is promised.</summary>
    internal bool Remove(ChunkEntry entry) =>
        Has(entry) && _entries.Remove(entry.Chunk) && (IsList(entry) ? Redraw() : Maps.Remove(entry.Chunk));

    /// <summary>Draws the maps anew for another layout.</summary>
    internal void Redraw(ChunkLayout next)
    {
        _layout = next;
        Redraw();
    }

    /// <summary>Takes over what an earlier run left.</summary>
    /// <returns>What is there but cannot be the manifest's content.</returns>
    internal List<ChunkEntry> Claim(UnclaimedChunks unclaimed, StreamChunks owner, StateFolder folder)
    {
        var misfits = new List<ChunkEntry>();
        foreach (var level in _layout.Levels.Select(l => l.Level).Distinct())
        {
            foreach (var entry in unclaimed.Take(folder.LevelFolder(_layout.Stream.SwarmId, level)))
            {
                _ = ChunkFile.TryParseName(Path.GetFileName(entry.Path), out var index, out _);
                entry.Chunk = new ChunkId(level, index);
                if (!File.Exists(entry.Path)
                    || !ChunkFile.Fits(entry.Fingerprint, _layout.HashOf(entry.Chunk))
                    || _entries.ContainsKey(entry.Chunk))
                {
                    misfits.Add(entry);
                }
                else
                {
                    entry.Owner = owner;
                    Add(entry);
                }
            }
        }

        return misfits;
    }

    /// <summary>Holds nothing any more.</summary>
    internal void Clear()
    {
        _entries.Clear();
        Maps = new HeldMaps(_layout) { Version = Maps.Version + 1 };
    }

    /// <summary>With a hash list come and go all chunks that only it can verify.</summary>
    private bool Redraw()
    {
        Maps = new HeldMaps(_layout) { Version = Maps.Version + 1 };
        foreach (var entry in _entries.Values.Where(IsPromised))
        {
            Maps.Add(entry.Chunk);
        }

        return true;
    }

    private bool IsList(ChunkEntry entry) => _layout.ListLengthOf(entry.Chunk) is not null;

    private bool IsPromised(ChunkEntry entry) =>
        entry.IsOnDisk
        && (_layout.MissingHashListOf(entry.Chunk) is not { } list || (_entries.TryGetValue(list, out var held) && held.IsOnDisk));
}
