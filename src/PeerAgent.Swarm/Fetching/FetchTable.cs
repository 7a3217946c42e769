using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>One fetch a chunk, however many wait for it. Safe for concurrent use.</summary>
internal sealed class FetchTable(FetchSite site) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChunkId, ChunkFetch> _fetches = [];
    private readonly Dictionary<ChunkFetch, Task> _alive = [];
    private bool _closed;

    private Clock Clock => site.Parts.Clock;

    /// <summary>Waits for a chunk of the layout that is not held.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="wait">How long, and when it is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ChunkOutcome> GetAsync(ChunkLayout layout, ChunkId chunk, ChunkWait wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Join(layout, chunk, wait) is not { } fetch)
            {
                return new ChunkOutcome.Closed();
            }

            var keeps = false;
            try
            {
                var outcome = await WaitAsync(fetch, wait.Until, cancellationToken);
                keeps = outcome is ChunkOutcome.Arriving;
                if (outcome is not null)
                {
                    return outcome;
                }
            }
            finally
            {
                if (!keeps)
                {
                    Leave(fetch);
                }
            }
        }
    }

    /// <summary>Fetches a chunk of the layout that nobody waits for yet; done when it is here, or given up.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="claim">Why it is fetched.</param>
    /// <param name="cancellationToken">Takes the claim back; the fetch goes on if somebody else wants it.</param>
    public async Task FetchAheadAsync(ChunkLayout layout, ChunkId chunk, AheadClaim claim, CancellationToken cancellationToken)
    {
        ChunkFetch fetch;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            fetch = FindOrAdd(layout, chunk);
            fetch.Claim = claim;
        }

        fetch.Start();
        try
        {
            // How it ended is told elsewhere: a chunk is here or not, a bug of ours is in the log.
            Task over = fetch.End.WaitAsync(cancellationToken);
            await over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Release(fetch, static f => f.Claim = null);
        }
    }

    /// <summary>True while a player of this stream has nothing left to play, or nearly so, and its chunk is on its way.</summary>
    public bool IsPressed(TimeSpan now)
    {
        lock (_gate)
        {
            return _fetches.Values.Any(f => f.IsAtWork && FetchGate.IsCritical(f, now));
        }
    }

    /// <summary>A window moved: the chunk matters more or less than before. No effect when it is not being fetched ahead.</summary>
    public void Reclaim(ChunkId chunk, AheadClaim claim)
    {
        lock (_gate)
        {
            if (_fetches.TryGetValue(chunk, out var fetch) && fetch.Claim is not null)
            {
                fetch.Claim = claim;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Dictionary<ChunkFetch, Task> alive;
        lock (_gate)
        {
            _closed = true;
            alive = new(_alive);
        }

        foreach (var fetch in alive.Keys)
        {
            fetch.Cancel();
        }

        await Task.WhenAll(alive.Values);
    }

    /// <summary>Null when the fetch ended without the chunk and there is time for another one.</summary>
    private async Task<ChunkOutcome?> WaitAsync(ChunkFetch fetch, TimeSpan until, CancellationToken cancellationToken)
    {
        var left = until - Clock.Now;
        if (left > TimeSpan.Zero)
        {
            Task happens = fetch.Arrival is { } arrival ? Task.WhenAny(fetch.End, arrival.Started) : fetch.End;
            await Clock.WaitAsync(happens, left, cancellationToken);
        }

        if (fetch.End.IsCompleted)
        {
            return await fetch.End switch
            {
                FetchEnd.Whole whole => await OpenAsync(fetch.Chunk, whole, cancellationToken),
                _ => Clock.Now < until ? null : GiveUp(fetch),
            };
        }

        return fetch.Arrival is { Started.IsCompleted: true, Led: { } led }
            ? new ChunkOutcome.Arriving(new ChunkArrival(led, fetch.ContentType, () => Leave(fetch)))
            : GiveUp(fetch);
    }

    private async Task<ChunkOutcome?> OpenAsync(ChunkId chunk, FetchEnd.Whole whole, CancellationToken cancellationToken)
    {
        if (await site.Chunks.OpenAsync(chunk, cancellationToken) is { } stored)
        {
            return new ChunkOutcome.Held(stored);
        }

        // The store could not keep it, or evicted it at once: those who waited get it all the same.
        return whole.Content is { } content ? new ChunkOutcome.Held(LooseChunk.Of(content)) : null;
    }

    private ChunkOutcome GiveUp(ChunkFetch fetch)
    {
        var story = fetch.Story;
        site.Parts.Logger.NotInTime(site.SwarmId, fetch.Chunk, story);
        return story.Length == 0
            ? new ChunkOutcome.NotFound("No known peer has the chunk, no tracker names one that has, and the stream has no origin that answers.")
            : new ChunkOutcome.TimedOut($"The chunk was not here in time: {story}.");
    }

    private ChunkFetch? Join(ChunkLayout layout, ChunkId chunk, ChunkWait wait)
    {
        ChunkFetch fetch;
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            fetch = FindOrAdd(layout, chunk);
            fetch.Wait(wait);
        }

        // Who has to wait comes first: the request is on its way before anybody else hears of it.
        fetch.Start();
        site.Parts.Gate.LetIn();
        site.Directory.Changed.Pulse();
        return fetch;
    }

    /// <summary>Under the lock; the fetch is started outside of it.</summary>
    private ChunkFetch FindOrAdd(ChunkLayout layout, ChunkId chunk)
    {
        if (!_fetches.TryGetValue(chunk, out var fetch))
        {
            fetch = layout.HashOf(chunk) is null && layout.MissingHashListOf(chunk) is null
                ? new ArrivingFetch(site, layout, chunk)
                : new AssembledFetch(site, layout, chunk);
            _fetches.Add(chunk, fetch);
            _alive.Add(fetch, RunAsync(fetch));
        }

        return fetch;
    }

    private void Leave(ChunkFetch fetch) => Release(fetch, static f => f.Waiters--);

    private void Release(ChunkFetch fetch, Action<ChunkFetch> release)
    {
        lock (_gate)
        {
            release(fetch);
            if (!fetch.IsWanted && !_alive.ContainsKey(fetch))
            {
                fetch.Free();
            }

            if (fetch.IsWanted || fetch.End.IsCompleted || fetch.IsAlmostDone)
            {
                return;
            }

            // Out of the table first: who comes now starts afresh rather than joining what is ending.
            _fetches.Remove(fetch.Chunk);
        }

        fetch.Cancel();
    }

    private void Ended(ChunkFetch fetch)
    {
        lock (_gate)
        {
            if (_fetches.GetValueOrDefault(fetch.Chunk) == fetch)
            {
                _fetches.Remove(fetch.Chunk);
            }
        }
    }

    private async Task RunAsync(ChunkFetch fetch)
    {
        await fetch.RunAsync(Ended);
        lock (_gate)
        {
            _alive.Remove(fetch);
            if (!fetch.IsWanted)
            {
                fetch.Free();
            }
        }

        fetch.Dispose();
    }
}
