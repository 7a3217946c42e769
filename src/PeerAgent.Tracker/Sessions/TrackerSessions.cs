using Microsoft.Extensions.Options;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Telemetry;
using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// All conversations with trackers: one session a tracker list, whatever the number of swarms, with one CONNECT
/// (draft-cruz-ppsp-http-tracker-protocol-01, sections 4.4 and 4.5). Safe to use from any thread.
/// </summary>
public sealed class TrackerSessions : IAsyncDisposable
{
    /// <summary>Most trackers a list may have; further ones are ignored.</summary>
    public const int MaxTrackers = 32;

    private static readonly TimeSpan DisposeBudget = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _sessions = [];
    private readonly List<Task> _loops = [];
    private readonly TrackerClients _clients;
    private readonly Registrations _registrations = new();
    private readonly TrackerOptions _options;
    private readonly Courier _courier;
    private readonly TimeProvider _time;
    private readonly Chance _chance;
    private readonly Instruments _instruments;
    private bool _isStopping;

    /// <summary>Made by the container; see <see cref="TrackerServices.AddPeerAgentTracker"/>.</summary>
    /// <param name="http">Makes the HTTP clients.</param>
    /// <param name="options">How to talk to trackers.</param>
    /// <param name="identity">Who this peer is.</param>
    /// <param name="time">The clock of every wait.</param>
    /// <param name="random">Asked once, for a seed.</param>
    /// <param name="instruments">Where to log and measure.</param>
    internal TrackerSessions(
        IHttpClientFactory http,
        IOptions<TrackerOptions> options,
        SessionIdentity identity,
        TimeProvider time,
        Random random,
        Instruments instruments)
    {
        _options = options.Value;
        _time = time;
        _chance = new Chance(random);
        _instruments = instruments;
        _clients = new TrackerClients(http, _options, time, _chance, instruments.Logger);
        _courier = new Courier(identity, _chance, time, instruments);
    }

    /// <summary>How each session stands with each of its trackers: a snapshot.</summary>
    public IReadOnlyList<TrackerStatus> Status
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions.Values.SelectMany(e => e.Session.Status)];
            }
        }
    }

    /// <summary>True when nothing is under way in any session.</summary>
    internal bool IsAtRest
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Values.All(e => e.Session.IsAtRest);
            }
        }
    }

    /// <summary>
    /// Enters a swarm at the trackers of a list; returns at once. Lists are the same when they hold the same URLs in the same
    /// order of tiers; their swarms share one session.
    /// </summary>
    /// <param name="trackers">Where to register, at least one; see <see cref="MaxTrackers"/>.</param>
    /// <param name="member">The caller's side; called until the membership is disposed.</param>
    /// <returns>The membership; over from the start when everything is stopping.</returns>
    /// <exception cref="ArgumentException">There is no tracker in the list.</exception>
    /// <exception cref="InvalidOperationException">The swarm is in that session already.</exception>
    public SwarmMembership Join(IReadOnlyList<TrackerEndpoint> trackers, ISwarmMember member)
    {
        ArgumentNullException.ThrowIfNull(trackers);
        ArgumentNullException.ThrowIfNull(member);
        if (trackers.Count == 0)
        {
            throw new ArgumentException("A swarm is joined at one tracker at least.", nameof(trackers));
        }

        var list = TierList.Normalize(trackers.OrderBy(t => t.Tier).Take(MaxTrackers));
        var newcomer = new Member(member, _chance, _instruments.Logger);
        lock (_gate)
        {
            var entry = Find(TierList.Key(list), list);
            if (!entry.Swarms.Add(newcomer.SwarmId))
            {
                throw new InvalidOperationException($"Swarm {newcomer.SwarmId} is joined at these trackers already.");
            }

            entry.Session.Join(newcomer);
            return new SwarmMembership(entry.Session, newcomer, () => Release(entry, newcomer.SwarmId));
        }
    }

    /// <summary>
    /// Leaves every swarm and every tracker. Returns within the budget, answered or not, and leaves nothing running. Sessions
    /// end side by side.
    /// </summary>
    /// <param name="budget">Longest time.</param>
    /// <param name="ct">Ends it at once, without further messages; does not throw.</param>
    public async Task StopAsync(TimeSpan budget, CancellationToken ct)
    {
        Task[] loops;
        List<TrackerSession> sessions;
        lock (_gate)
        {
            _isStopping = true;
            loops = [.. _loops];
            sessions = [.. _sessions.Values.Select(e => e.Session)];
        }

        sessions.ForEach(s => s.Stop(budget * 0.9));
        await using (ct.Register(() => sessions.ForEach(s => s.Stop(TimeSpan.Zero))))
        {
            await Task.WhenAll(loops);
        }
    }

    /// <summary>Stops within 3 s if <see cref="StopAsync"/> has not been called.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(DisposeBudget, CancellationToken.None);

    private Entry Find(string key, IReadOnlyList<TrackerEndpoint> list)
    {
        if (_sessions.TryGetValue(key, out var known))
        {
            return known;
        }

        var tiers = new TierList(list, _clients, _chance);
        var link = new TrackerLink(tiers, _options, _chance, _instruments.Logger);
        var session = new TrackerSession(new SessionState(tiers, link, _options, _instruments), _courier, _registrations, _time);
        var entry = new Entry(session);
        _loops.RemoveAll(l => l.IsCompletedSuccessfully);
        _sessions[key] = entry;
        if (_isStopping)
        {
            session.Stop(TimeSpan.Zero);
        }

        _loops.Add(Task.Run(() => RunAsync(key, entry)));
        return entry;
    }

    private async Task RunAsync(string key, Entry entry)
    {
        using var session = entry.Session;
        await session.RunAsync(() => TryRetire(key, entry));
    }

    private void Release(Entry entry, SwarmId swarm)
    {
        lock (_gate)
        {
            entry.Swarms.Remove(swarm);
        }
    }

    /// <summary>Takes a session out of use; false while somebody holds a membership in it.</summary>
    private bool TryRetire(string key, Entry entry)
    {
        lock (_gate)
        {
            return entry.Swarms.Count == 0 && _sessions.Remove(key);
        }
    }

    private sealed record Entry(TrackerSession Session)
    {
        public HashSet<SwarmId> Swarms { get; } = [];
    }
}
