using PeerAgent.Media.Store;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Sources;

/// <summary>
/// Keeps a stream's knowledge of its peers fresh: each peer's ChunkMap as soon as the peer is found, then at intervals
/// while the stream is in use, spread so that they do not all fall together; now and then a peer's list of peers.
/// </summary>
internal sealed class PeerPolling(SwarmParts parts, PeerDirectory directory, StreamChunks chunks)
{
    private const int MaxParallel = 8;
    private const int EnoughPeers = 30;

    /// <summary>The map of a peer that gets chunks is asked for so much sooner, the fewer peers there are the more.</summary>
    private const double Soonest = 0.3;
    private const int ForgottenAfterFailures = 6;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StrangerPause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private TimeSpan _lastUse = TimeSpan.MinValue;
    private TimeSpan _nextList;
    private TimeSpan _nextStranger;
    private (object? Layout, HashSet<LevelId> Levels) _levels = (null, []);

    private FetchOptions Options => parts.Options;

    /// <summary>Somebody wants a chunk of the stream.</summary>
    public void Touch()
    {
        var wasInUse = IsInUse;
        lock (_gate)
        {
            _lastUse = parts.Clock.Now;
        }

        if (!wasInUse)
        {
            directory.PollWanted.Pulse();
        }
    }

    /// <summary>A chunk that is wanted has no known holder: maps that are not quite fresh are asked for now.</summary>
    public void WantMaps()
    {
        foreach (var peer in directory.Peers)
        {
            peer.Poll.Want(parts.Clock.Now, FreshFor);
        }

        directory.PollWanted.Pulse();
    }

    /// <summary>
    /// Somebody who is not known asks us for something: a peer that has come since. True when the trackers should be asked for
    /// peers, as long as the stream is in use and few are known; now and then at most.
    /// </summary>
    public bool WantsStranger(PeerId stranger)
    {
        if (!IsInUse || directory.Peers.Count >= EnoughPeers || directory.Find(stranger) is not null)
        {
            return false;
        }

        lock (_gate)
        {
            var now = parts.Clock.Now;
            var isDue = now >= _nextStranger;
            _nextStranger = isDue ? now + StrangerPause : _nextStranger;
            return isDue;
        }
    }

    /// <summary>Polls until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var wanted = directory.PollWanted.Next;
                foreach (var done in running.Where(t => t.IsCompleted).ToList())
                {
                    running.Remove(done);
                    await done;
                }

                var wait = StartDue(running, cancellationToken);
                await parts.Clock.WaitAsync(wanted, wait, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Closing the stream ends its polling.
        }
        catch (Exception e)
        {
            // Nobody awaits this before the stream is closed; say it now.
            parts.Logger.PollingFaulted(chunks.Layout.Stream.SwarmId, e);
            throw;
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private bool IsInUse
    {
        get
        {
            lock (_gate)
            {
                return _lastUse > TimeSpan.MinValue && parts.Clock.Now - _lastUse < Options.ActiveFor;
            }
        }
    }

    /// <summary>Starts what is due; returns how long to wait for the next.</summary>
    private TimeSpan StartDue(List<Task> running, CancellationToken cancellationToken)
    {
        var now = parts.Clock.Now;
        var inUse = IsInUse;
        var wait = LongestWait;
        foreach (var (peer, due) in directory.Peers
            .Where(p => p.Health.StateAt(now) != SourceState.Banned)
            .Select(p => (Peer: p, Due: p.Poll.DueAt(inUse)))
            .Where(p => p.Due is not null)
            .OrderBy(p => p.Due))
        {
            if (due > now)
            {
                wait = Shorter(wait, due.Value - now);
                break;
            }

            if (running.Count >= MaxParallel)
            {
                break;
            }

            if (peer.Poll.TryBegin())
            {
                running.Add(PollMapAsync(peer, cancellationToken));
            }
        }

        StartList(running, now, inUse, cancellationToken);
        return wait;
    }

    private void StartList(List<Task> running, TimeSpan now, bool inUse, CancellationToken cancellationToken)
    {
        if (!inUse || now < _nextList || directory.Peers.Count >= EnoughPeers)
        {
            return;
        }

        var askable = directory.Peers.Where(p => p.Poll.Answers && p.Health.StateAt(now) == SourceState.Usable).ToList();
        if (askable.Count > 0)
        {
            _nextList = now + Spread(Options.PeerListInterval);
            running.Add(AskForPeersAsync(askable[parts.Dice.Next(askable.Count)], cancellationToken));
        }
    }

    private async Task PollMapAsync(Peer peer, CancellationToken cancellationToken)
    {
        var swarmId = chunks.Layout.Stream.SwarmId;
        try
        {
            var answer = await parts.Transport.GetMapAsync(peer.Contact, swarmId, peer.Poll.Tag, cancellationToken);
            var now = parts.Clock.Now;
            if (answer.Outcome.Result == TransferResult.Done)
            {
                var interval = Options.MapInterval;
                var isNews = answer.Maps is not null || peer.Poll.Failures > 0;
                if (answer.Maps is not null)
                {
                    interval *= peer.Holdings.IsKnown ? Math.Clamp((double)directory.Peers.Count / EnoughPeers, Soonest, 1) : 1;
                    peer.Holdings.Replace(answer.Maps, Levels());
                }

                peer.Poll.End(now, now + Spread(interval), succeeded: true, answer.Tag);
                if (isNews)
                {
                    directory.Changed.Pulse();
                }
            }
            else
            {
                parts.Logger.MapFailed(swarmId, peer.Id, answer.Outcome.Detail);
                var longer = Options.MapInterval * Math.Pow(2, Math.Min(peer.Poll.Failures, 4));
                peer.Poll.End(now, now + Spread(longer), succeeded: false, null);
                ForgetIfLost(peer);
            }
        }
        catch (OperationCanceledException)
        {
            peer.Poll.Abandon();
        }
        finally
        {
            directory.PollWanted.Pulse();
        }
    }

    private void ForgetIfLost(Peer peer)
    {
        if (peer.Poll.Failures >= ForgottenAfterFailures && peer.Open == 0)
        {
            directory.Remove(peer);
        }
    }

    private async Task AskForPeersAsync(Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await parts.Transport.GetPeersAsync(peer.Contact, chunks.Layout.Stream.SwarmId, cancellationToken);
            if (answer.Peers.Count > 0)
            {
                directory.Add(answer.Peers, fromTracker: false, holds: null);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing the stream.
        }
    }

    private HashSet<LevelId> Levels()
    {
        var layout = chunks.Layout;
        lock (_gate)
        {
            if (!ReferenceEquals(_levels.Layout, layout))
            {
                _levels = (layout, [.. layout.Levels.Select(l => l.Level)]);
            }

            return _levels.Levels;
        }
    }

    private TimeSpan Spread(TimeSpan interval) => interval * (0.8 + (0.4 * parts.Dice.Next()));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
