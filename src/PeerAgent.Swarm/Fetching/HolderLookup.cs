using PeerAgent.Swarm.Telemetry;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// The trackers are asked who has the chunk of one fetch, one time after the other and not too often. Used by one fetch alone.
/// </summary>
internal sealed class HolderLookup(FetchSite site, ChunkFetch fetch)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private TimeSpan? _started;

    /// <summary>The last time they were asked; never fails, and is over when nobody was.</summary>
    public Task Last { get; private set; } = Task.CompletedTask;

    /// <summary>True while an answer may still come in time.</summary>
    public bool IsPending(TimeSpan now) => !Last.IsCompleted && now - _started < site.Parts.Options.LookupTimeout;

    /// <summary>Asks them, if they are not being asked nor have just been.</summary>
    public void Start(TimeSpan now, CancellationToken cancellationToken)
    {
        if (Last.IsCompleted && !(now - _started < Pause))
        {
            _started = now;
            site.Polling.WantMaps();
            Last = AskAsync(cancellationToken);
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            site.Lookup.RequestPeers();
            var found = await site.Lookup.FindChunkAsync(fetch.Chunk, cancellationToken);
            if (found.Count > 0)
            {
                site.Directory.Add(found, fromTracker: true, fetch.Chunk);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for the chunk any more.
        }
        catch (Exception e)
        {
            // The host's code: whatever goes wrong there must not take the origins away from the player.
            site.Parts.Logger.LookupFailed(site.SwarmId, fetch.Chunk, e);
        }
        finally
        {
            site.Directory.Changed.Pulse();
        }
    }
}
