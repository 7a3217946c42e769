using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>What is held of one stream. Safe for concurrent use.</summary>
public sealed class StreamChunks
{
    /// <summary>So many chunks from a player's position on are evicted only when nothing else is left.</summary>
    public const int NearChunks = 30;

    private readonly ChunkStore _store;
    private readonly HeldChunks _held;
    private readonly ChunkIntake _intake;
    private readonly ChunkReader _reader;
    private ChunkLayout _layout;
    private bool _isPinned;

    internal StreamChunks(ChunkStore store, StreamInfo stream)
    {
        _store = store;
        _layout = new ChunkLayout(stream);
        _held = new HeldChunks(_layout);
        _intake = new ChunkIntake(store, this, _held);
        _reader = new ChunkReader(store, this, _held);
    }

    /// <summary>
    /// Raised after what is held has changed, also when another stream's chunks took the room; on the thread that changed
    /// it; handlers return at once.
    /// </summary>
    public event Action? Changed;

    /// <summary>The stream's layout; replaced when a live window moves.</summary>
    public ChunkLayout Layout => Volatile.Read(ref _layout);

    /// <summary>True while nothing of the stream may be evicted.</summary>
    public bool IsPinned
    {
        get => Volatile.Read(ref _isPinned);
        set
        {
            lock (_store.Gate)
            {
                if (_isPinned == value || IsClosed)
                {
                    return;
                }

                _isPinned = value;
                foreach (var entry in _held.All)
                {
                    _store.Disk.SetKept(entry, value);
                }
            }

            _store.Trouble.Mark(_store.Folder.PinMark(Layout.Stream.SwarmId), value);
        }
    }

    /// <summary>The memory that chunks of all streams share.</summary>
    public MemoryBudget Memory => _store.Memory;

    /// <summary>Most bytes of chunks on disk, of all streams together.</summary>
    public long MaxBytes => _store.Options.MaxBytes;

    /// <summary>True once the store has let go of the stream. Under the lock.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Where the stream is played; null when it is not. Under the lock.</summary>
    internal PlayPositions? Positions { get; private set; }

    /// <summary>True once the swarm's note was written. Under the lock.</summary>
    internal bool IsNoted { get; set; }

    /// <summary>Grows with every change of what is held.</summary>
    public long Version => Read(static maps => maps.Version);

    /// <summary>Number of chunks held.</summary>
    public int HeldCount => Read(static maps => maps.Count);

    /// <summary>
    /// Takes over a new window of a live stream, or the same manifest with other trackers. A chunk whose content does not
    /// match what the new manifest promises is dropped.
    /// </summary>
    public void Update(StreamInfo stream)
    {
        lock (_store.Gate)
        {
            var layout = Layout.Of(stream);
            Adopt(layout);
            _held.Redraw(layout);
            _store.NoteChange(this);
        }

        _store.Announce();
    }

    /// <summary>
    /// Takes the digests of a hash list over: from now on chunks are checked against them, and those held that do not match
    /// are dropped. False when the chunk is no hash list or the content not what the manifest promises. Known again is no
    /// trouble.
    /// </summary>
    public bool Learn(ChunkId list, ReadOnlyMemory<byte> content)
    {
        while (true)
        {
            // A long list takes a while to check: not under the lock.
            var seen = Layout;
            if (seen.WithDigests(list, content) is not { } layout)
            {
                return false;
            }

            lock (_store.Gate)
            {
                if (Layout != seen)
                {
                    continue;
                }

                Adopt(layout);
                _held.Redraw(layout);
                _store.NoteChange(this);
            }

            _store.Announce();
            return true;
        }
    }

    /// <summary>True when the chunk is held, and will be when it is asked for a moment later.</summary>
    public bool Contains(ChunkId chunk)
    {
        lock (_store.Gate)
        {
            return _held.Maps.Contains(chunk);
        }
    }

    /// <summary>
    /// Leases a chunk; null when it is not held, or when the hash list that it is verified with is not here. A chunk from an
    /// earlier run is checked at its first use; a damaged one is dropped and counts as not held.
    /// </summary>
    public async ValueTask<StoredChunk?> OpenAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        Layout.MissingHashListOf(chunk) is { } list && !await LearnHeldAsync(list, cancellationToken)
            ? null
            : await _reader.OpenAsync(chunk, cancellationToken);

    /// <summary>
    /// Takes a whole chunk in, after checking it against the manifest's hash where there is one. A good one can be opened at
    /// once, from memory; it is written to disk in the background, and promised (<see cref="GetMaps"/>,
    /// <see cref="Contains"/>) once it is there. Until then its memory is not given to another chunk. Does no disk work
    /// itself.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="content">Its bytes; the store takes them over and nobody changes them any more.</param>
    /// <param name="taken">
    /// Bytes that were taken for them from <see cref="ChunkStore.Memory"/>. When the outcome is
    /// <see cref="PutOutcome.Admitted"/> they have passed over to the chunk (what is too much was given back); with any
    /// other outcome they are still the caller's. Where they are fewer than the content and no room can be made for the
    /// rest, the chunk cannot be opened before it is on disk.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="taken"/> is negative or more than was taken.</exception>
    public Admission Admit(ChunkId chunk, ReadOnlyMemory<byte> content, long taken = 0) => _intake.Admit(chunk, content, taken);

    /// <summary>As <see cref="Admit"/>, and waits until the chunk is on disk or could not be written.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="content">Its bytes; the store takes them over and nobody changes them any more.</param>
    /// <param name="cancellationToken">Ends the wait; the chunk is then kept whole or not at all.</param>
    public async ValueTask<PutOutcome> PutAsync(ChunkId chunk, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Admit(chunk, content).Kept.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Says where the stream is played now, in place of all that was said before; empty when nobody plays it. Over a limit,
    /// streams that nobody plays lose their chunks first (the one not used for longest first), then of played ones goes
    /// what lies in parts that nobody plays, then what lies farthest behind all positions, then farthest ahead, and last
    /// the next <see cref="NearChunks"/> of each position. Cheap while the stream is played; the first and the last call
    /// sort its chunks.
    /// </summary>
    public void SetPositions(IReadOnlyList<PlayPosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var next = positions.Count > 0 ? new PlayPositions(positions) : null;
        lock (_store.Gate)
        {
            var isPlayed = Positions is not null;
            if (next is null && isPlayed)
            {
                _store.StopPlay(this);
            }

            Positions = IsClosed ? null : next;
            if (Positions is not null && !isPlayed)
            {
                _store.StartPlay(this, _held.All);
            }
        }
    }

    /// <summary>
    /// Waits until what was admitted before this call is on disk and promised, or could not be written; at most
    /// <paramref name="most"/>.
    /// </summary>
    public async Task SettleAsync(TimeSpan most, CancellationToken cancellationToken) =>
        await _store.Writes.WhenBegunAreDone().WaitAsync(most, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The ChunkMaps, one entry a level, each range of the manifest covered from end to end. A snapshot, made anew only when something changed.</summary>
    public IReadOnlyList<LevelMap> GetMaps() => Read(static maps => maps.Snapshot());

    internal void RaiseChanged() => Changed?.Invoke();

    /// <summary>Takes over what an earlier run left of this stream; what cannot be the manifest's content is dropped. Under the lock.</summary>
    internal void Claim(UnclaimedChunks unclaimed)
    {
        _held.Claim(unclaimed, this, _store.Folder).ForEach(_store.Forget);
    }

    /// <summary>Gives everything up; files stay. Under the lock.</summary>
    internal void GiveBack(UnclaimedChunks unclaimed)
    {
        foreach (var entry in _held.All)
        {
            _intake.Lost(entry);
            _store.Disown(entry);
            if (entry.IsOnDisk)
            {
                unclaimed.Add(entry);
            }
        }

        _held.Clear();
        IsClosed = true;
        Positions = null;
    }

    /// <summary>The chunk is gone. True when that changes what is held. Under the lock.</summary>
    internal bool Remove(ChunkEntry entry)
    {
        _intake.Lost(entry);
        return _held.Remove(entry);
    }

    /// <summary>A chunk that was being written when the same stream was closed is on disk now. Under the lock.</summary>
    internal void TakeOver(ChunkEntry entry) => _intake.TakeOver(entry);

    private async ValueTask<bool> LearnHeldAsync(ChunkId list, CancellationToken cancellationToken)
    {
        using var held = await OpenAsync(list, cancellationToken);
        return held is not null && Learn(list, await held.ReadAllAsync(cancellationToken));
    }

    /// <summary>Another layout holds; what does not match it is dropped. Under the lock.</summary>
    private void Adopt(ChunkLayout layout)
    {
        Volatile.Write(ref _layout, layout);
        foreach (var entry in _held.All.Where(e => !ChunkFile.Fits(e.Fingerprint, layout.HashOf(e.Chunk))).ToList())
        {
            _store.Forget(entry);
        }
    }

    private T Read<T>(Func<HeldMaps, T> read)
    {
        lock (_store.Gate)
        {
            return read(_held.Maps);
        }
    }
}
