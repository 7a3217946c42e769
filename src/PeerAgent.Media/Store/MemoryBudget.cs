namespace PeerAgent.Media.Store;

/// <summary>
/// The bytes of chunks that may be in memory at a time, <c>PeerAgent:Store:MemoryBytes</c>: chunks on their way in, chunks
/// being written, cached ones and leased ones together, and what connections send them from. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// A transfer takes bytes before it sets memory aside (<see cref="TryTake"/>) and gives them back (<see cref="Give"/>)
/// when it breaks off. When it is done it hands them to <see cref="StreamChunks.Admit"/> with the content; then they are
/// the chunk's, and are not given back by the one who took them.
/// </para>
/// <para>One who finds no room waits for <see cref="Room"/>, taken before the attempt:</para>
/// <code>
/// while (true)
/// {
///     var room = budget.Room;
///     if (budget.TryTake(bytes))
///     {
///         break;
///     }
///
///     await room.WaitAsync(cancellationToken);
/// }
/// </code>
/// </remarks>
public sealed class MemoryBudget
{
    private readonly Lock _gate;
    private readonly Action<ChunkEntry> _lost;
    private readonly EvictionOrder _copies = new(static e => e.MemoryNode);
    private readonly EvictionOrder _originals = new(static e => e.MemoryNode);
    private TaskCompletionSource? _room;
    private long _taken;
    private long _bytes;

    /// <summary>A budget that no store shares.</summary>
    /// <param name="limit">Most bytes.</param>
    public MemoryBudget(long limit)
        : this(limit, new Lock(), static _ => { })
    {
    }

    /// <param name="limit">Most bytes.</param>
    /// <param name="gate">The store's lock.</param>
    /// <param name="lost">Told of a chunk that only memory held and that was evicted; under the lock.</param>
    internal MemoryBudget(long limit, Lock gate, Action<ChunkEntry> lost)
    {
        Limit = limit;
        _gate = gate;
        _lost = lost;
    }

    /// <summary>Most bytes at a time.</summary>
    public long Limit { get; }

    /// <summary>Bytes in use: taken, being written, cached and leased.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return Used;
            }
        }
    }

    /// <summary>
    /// Completes when there may be more room than at this call: bytes were given back, a lease or a write has ended.
    /// Wait for it only after a <see cref="TryTake"/> that failed later than this call.
    /// </summary>
    public Task Room
    {
        get
        {
            lock (_gate)
            {
                return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    private long Used => _taken + _bytes;

    /// <summary>
    /// Takes bytes, evicting cached chunks if need be: those that are on disk too before those that only memory holds, none
    /// that is leased or being written. All or nothing; never waits.
    /// </summary>
    /// <param name="bytes">How many, 0 or more.</param>
    /// <returns>False when so many cannot be made free now; then nothing was evicted.</returns>
    public bool TryTake(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            return TryTakeUnderLock(bytes);
        }
    }

    /// <summary>Gives back bytes that were taken with <see cref="TryTake"/> and were not handed on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than are taken.</exception>
    public void Give(long bytes)
    {
        lock (_gate)
        {
            PassOver(bytes);
            Pulse();
        }
    }

    /// <summary>As <see cref="TryTake"/>, under the lock.</summary>
    internal bool TryTakeUnderLock(long bytes)
    {
        if (!TryMakeRoom(bytes))
        {
            return false;
        }

        _taken += bytes;
        return true;
    }

    /// <summary>
    /// Caches a chunk's content, held once. Null when there is no room for what exceeds the bytes taken for it. Those are
    /// given up either way. Under the lock.
    /// </summary>
    internal ChunkMemory? TryCache(ChunkEntry entry, ReadOnlyMemory<byte> content, long taken)
    {
        PassOver(taken);
        Pulse();
        if (!TryMakeRoom(content.Length))
        {
            return null;
        }

        _bytes += content.Length;
        return entry.Memory = new ChunkMemory(content) { Entry = entry };
    }

    /// <summary>Content that belongs to no chunk any more, held once, for the bytes taken for it. Under the lock.</summary>
    internal ChunkMemory Loose(ReadOnlyMemory<byte> content)
    {
        PassOver(content.Length);
        _bytes += content.Length;
        return new ChunkMemory(content);
    }

    /// <summary>Needs the content until <see cref="Release"/>; it counts as used now. Under the lock.</summary>
    internal void Hold(ChunkMemory memory)
    {
        memory.Hold();
        _copies.Touch(memory.Entry!);
        _originals.Touch(memory.Entry!);
    }

    /// <summary>The end of a <see cref="Hold"/>. Takes the lock only where somebody has missed the bytes meanwhile.</summary>
    internal void Release(ChunkMemory memory)
    {
        if (!memory.Release() || (!memory.IsAside && Volatile.Read(ref _room) is null))
        {
            return;
        }

        lock (_gate)
        {
            if (memory.TrySettle())
            {
                if (memory.Entry is { } entry)
                {
                    (entry.IsOnDisk ? _copies : _originals).Add(entry);
                }
                else
                {
                    Free(memory);
                }
            }

            Pulse();
        }
    }

    /// <summary>A chunk that only memory held is on disk too. Under the lock.</summary>
    internal void NoteCopy(ChunkEntry entry)
    {
        if (_originals.Remove(entry))
        {
            _copies.Add(entry);
        }
    }

    /// <summary>Drops a chunk's content from the cache, if it is there; held content counts until it is released. Under the lock.</summary>
    internal void Drop(ChunkEntry entry)
    {
        if (entry.Memory is not { } memory)
        {
            return;
        }

        RemoveFromOrder(entry);
        entry.Memory = null;
        memory.Entry = null;
        if (!memory.TrySetAside())
        {
            Free(memory);
            Pulse();
        }
    }

    /// <summary>Drops all that is cached; what somebody holds goes with the last hold. Under the lock.</summary>
    internal void Clear()
    {
        while ((_copies.Worst() ?? _originals.Worst()) is { } entry)
        {
            Drop(entry);
        }
    }

    /// <summary>The stream is played from now on. Under the lock.</summary>
    internal void StartPlay(StreamChunks owner, IReadOnlyCollection<ChunkEntry> entries)
    {
        _copies.StartPlay(owner, entries);
        _originals.StartPlay(owner, entries);
    }

    /// <summary>The stream is not played any more. Under the lock.</summary>
    internal void StopPlay(StreamChunks owner)
    {
        _copies.StopPlay(owner);
        _originals.StopPlay(owner);
    }

    private bool TryMakeRoom(long bytes)
    {
        if (bytes > Limit - Used + _copies.Bytes + _originals.Bytes)
        {
            return false;
        }

        var victims = new List<ChunkEntry>();
        for (var missing = Used + bytes - Limit; missing > 0;)
        {
            if ((_copies.Worst() ?? _originals.Worst()) is not { } entry)
            {
                victims.ForEach(v => (v.IsOnDisk ? _copies : _originals).Add(v));
                return false;
            }

            RemoveFromOrder(entry);
            if (!entry.Memory!.TrySetAside())
            {
                victims.Add(entry);
                missing -= entry.Length;
            }
        }

        victims.ForEach(Evict);
        return true;
    }

    private void Evict(ChunkEntry entry)
    {
        Drop(entry);
        if (!entry.IsOnDisk)
        {
            _lost(entry);
        }
    }

    private void Free(ChunkMemory memory)
    {
        _bytes -= memory.Content.Length;
        memory.Free();
    }

    private void PassOver(long taken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(taken);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(taken, _taken);
        _taken -= taken;
    }

    private void RemoveFromOrder(ChunkEntry entry)
    {
        if (!_copies.Remove(entry))
        {
            _originals.Remove(entry);
        }
    }

    private void Pulse()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
