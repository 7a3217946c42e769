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
    public async Task<ChunkOutcome> GetAsync(ChunkLayout layout, ChunkId chunk, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var until = Clock.Now + deadline;
        while (true)
        {
            if (Join(layout, chunk, until) is not { } fetch)
            {
                return new ChunkOutcome.Closed();
            }

            var keeps = false;
            try
            {
                var outcome = await WaitAsync(fetch, until, cancellationToken);
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

    private ChunkFetch? Join(ChunkLayout layout, ChunkId chunk, TimeSpan until)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            if (!_fetches.TryGetValue(chunk, out var fetch))
            {
                fetch = new ChunkFetch(site, layout, chunk) { Deadline = until };
                _fetches.Add(chunk, fetch);
                _alive.Add(fetch, RunAsync(fetch));
            }

            fetch.Deadline = fetch.Deadline < Clock.Now || until < fetch.Deadline ? until : fetch.Deadline;
            fetch.Waiters++;
            fetch.LeftAlone = false;
            return fetch;
        }
    }

    private void Leave(ChunkFetch fetch)
    {
        lock (_gate)
        {
            fetch.Waiters--;
            if (fetch.Waiters > 0 || fetch.End.IsCompleted)
            {
                return;
            }

            fetch.LeftAlone = true;
            if (fetch.IsAlmostDone)
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
        }

        fetch.Dispose();
    }
}
