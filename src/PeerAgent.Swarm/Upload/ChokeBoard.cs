using System.Net;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Who is choked, and the rule by which that is decided each round: while more peers ask than can be served usefully, the
/// places go to those who gave us most, host by host, one place to whoever was not served for longest, and the others wait
/// for the next round. No clock, no dice. Safe for concurrent use.
/// </summary>
internal sealed class ChokeBoard
{
    /// <summary>Fewest places: one that is earned, one that goes round.</summary>
    public const int FewestPlaces = 2;

    /// <summary>Rounds for which a peer that does not ask any more is remembered, and a choke holds at most.</summary>
    private const int Memory = 4;

    private const int MostCandidates = 1024;
    private const int MostPerHost = 32;

    private readonly Lock _gate = new();
    private readonly UploadMetrics _metrics;
    private readonly Dictionary<Requester, ChokeCandidate> _candidates = [];
    private readonly Dictionary<IPAddress, int> _perHost = [];
    private long _round = 1;
    private long _number;
    private int _choked;
    private bool _overloaded;
    private bool _late;

    public ChokeBoard(UploadMetrics metrics) => _metrics = metrics;

    /// <summary>Number of the round, from 1.</summary>
    public long Round => Interlocked.Read(ref _round);

    /// <summary>The PeerIDs that are choked now, in the order of their text.</summary>
    public IReadOnlyList<PeerId> Choked
    {
        get
        {
            lock (_gate)
            {
                return [.. _candidates.Values.Where(c => c.IsChoked).Select(c => c.Who.PeerId).Distinct().OrderBy(p => p.Value, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>A peer asks for a chunk that is held.</summary>
    /// <returns>True when it is choked.</returns>
    public bool Asked(Requester who, IPAddress? from, SwarmId swarmId)
    {
        lock (_gate)
        {
            if (!_candidates.TryGetValue(who, out var candidate))
            {
                if (_candidates.Count >= MostCandidates || _perHost.GetValueOrDefault(who.Host) >= MostPerHost)
                {
                    return _choked > 0;
                }

                candidate = new ChokeCandidate(who, PeerContact.Plain(from ?? IPAddress.None), ++_number);

                // A new PeerID does not lead past the choke of its host.
                SetChoked(candidate, _choked > 0 && _candidates.Values.Any(c => c.IsChoked && c.Who.Host.Equals(who.Host)));
                _candidates.Add(who, candidate);
                _perHost[who.Host] = _perHost.GetValueOrDefault(who.Host) + 1;
            }

            candidate.Asked(swarmId, _round);
            return candidate.IsChoked;
        }
    }

    /// <summary>A peer was sent away for want of a slot.</summary>
    public void Overloaded()
    {
        lock (_gate)
        {
            _overloaded = true;
        }
    }

    /// <summary>A peer gets a chunk long after it would have played it.</summary>
    public void Late()
    {
        lock (_gate)
        {
            _late = true;
        }
    }

    /// <summary>Ends the round.</summary>
    /// <param name="places">How many peers can be served usefully, at least <see cref="FewestPlaces"/>.</param>
    /// <param name="isSlow">True when the rate does not do for the peers that ask, so many of them.</param>
    /// <param name="givenBy">Bytes of chunks received from a candidate so far.</param>
    /// <returns>Those whose choke changed.</returns>
    public IReadOnlyList<ChokeCandidate> EndRound(int places, Func<int, bool> isSlow, Func<ChokeCandidate, long> givenBy)
    {
        lock (_gate)
        {
            foreach (var candidate in _candidates.Values)
            {
                candidate.Gave(givenBy(candidate));
            }

            // Who was told to stay away does not ask; it counts as one that would.
            HashSet<ChokeCandidate> wanting = [.. _candidates.Values.Where(c => c.AskedIn == _round || (c.IsChoked && IsRemembered(c)))];
            var isCrowded = wanting.Count > places && (_choked > 0 || _overloaded || (_late && isSlow(wanting.Count)));
            var served = isCrowded ? Choose(wanting, places) : wanting;
            var changed = _candidates.Values.Where(c => c.IsChoked != (wanting.Contains(c) && !served.Contains(c))).ToList();
            foreach (var candidate in changed)
            {
                SetChoked(candidate, !candidate.IsChoked);
            }

            EndRound(served);
            return changed;
        }
    }

    private void EndRound(HashSet<ChokeCandidate> served)
    {
        foreach (var candidate in _candidates.Values.Where(c => !IsRemembered(c)).ToList())
        {
            _candidates.Remove(candidate.Who);
            if (--_perHost[candidate.Who.Host] == 0)
            {
                _perHost.Remove(candidate.Who.Host);
            }
        }

        Interlocked.Increment(ref _round);
        (_overloaded, _late) = (false, false);
        foreach (var candidate in served)
        {
            candidate.ServedIn = _round;
        }
    }

    private bool IsRemembered(ChokeCandidate candidate) => candidate.AskedIn > _round - Memory;

    /// <summary>The peers that are served in the next round.</summary>
    private HashSet<ChokeCandidate> Choose(HashSet<ChokeCandidate> wanting, int places)
    {
        // A host was served when any of its PeerIDs was, also one that it does not use any more.
        var servedIn = _candidates.Values.GroupBy(c => c.Who.Host).ToDictionary(g => g.Key, g => g.Max(c => c.ServedIn));

        // The best of each host, then the second best of each, and so on: many PeerIDs at one host take no place from others.
        var hosts = wanting.GroupBy(c => c.Who.Host)
            .Select(g => g.OrderByDescending(c => c.Credit).ThenBy(c => c.ServedIn).ThenBy(c => c.Number).ToList())
            .OrderByDescending(g => g.Sum(c => c.Credit)).ThenBy(g => servedIn[g[0].Who.Host]).ThenBy(g => g.Min(c => c.Number))
            .ToList();
        var chosen = new HashSet<ChokeCandidate>();
        for (var rank = 0; chosen.Count < places - 1; rank++)
        {
            foreach (var host in hosts.Where(h => h.Count > rank).Take(places - 1 - chosen.Count).ToList())
            {
                chosen.Add(host[rank]);
            }
        }

        var served = chosen.Select(c => c.Who.Host).ToHashSet();
        chosen.Add(wanting.Where(c => !chosen.Contains(c))
            .OrderBy(c => served.Contains(c.Who.Host)).ThenBy(c => servedIn[c.Who.Host]).ThenBy(c => c.ServedIn).ThenBy(c => c.Number).First());
        return chosen;
    }

    private void SetChoked(ChokeCandidate candidate, bool isChoked)
    {
        if (candidate.IsChoked != isChoked)
        {
            candidate.IsChoked = isChoked;
            _choked += isChoked ? 1 : -1;
            _metrics.Choked(isChoked ? 1 : -1);
        }
    }
}
