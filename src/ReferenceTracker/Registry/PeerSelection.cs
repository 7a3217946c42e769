using System.Runtime.InteropServices;

namespace ReferenceTracker.Registry;

/// <summary>
/// Whom a list names: holders of what was asked first, within that the nearest first, else at random. In a small swarm it
/// looks at all members, in a larger one at twice as many as it lists, in a very large one only at those, where two or
/// three of a million would make no difference; so its cost does not grow with the swarm. Guarded by the registry's lock.
/// </summary>
/// <param name="listSize">Longest list.</param>
/// <param name="random">The source of chance.</param>
internal sealed class PeerSelection(int listSize, Random random)
{
    private const int ChoosyUpTo = 4096;
    private const int VainDraws = 8;
    private const int RunLength = 4;
    private const int MaxRounds = 8;

    private readonly List<Candidate> _candidates = [];
    private readonly List<SwarmLevel> _levels = [];
    private readonly List<Membership> _drawn = [];
    private int _maxCandidates;
    private bool _isVeryLarge;
    private uint _mark;
    private uint _touched;
    private CompactAddress _from;
    private Func<Membership, bool> _isAlive = _ => true;

    /// <summary>Selects.</summary>
    /// <param name="swarm">Among whose members.</param>
    /// <param name="requester">Who asked; never listed.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="isAlive">False for members whose time is over.</param>
    internal ListedPeer[] Select(Swarm swarm, Peer requester, ChunkQuestion question, Func<Membership, bool> isAlive)
    {
        Begin(swarm, requester, isAlive);
        var chosen = new List<ListedPeer>(Math.Min(listSize, swarm.Listed.Length));
        if (question.AsksForContent)
        {
            FindLevels(swarm, question);
            CollectHolders(swarm, question.Chunk);
            Take(chosen);
        }

        if (question.HoldersOnly || chosen.Count == listSize)
        {
            return [.. chosen];
        }

        CollectAnyone(swarm);
        Take(chosen);
        return [.. chosen];
    }

    private void Begin(Swarm swarm, Peer requester, Func<Membership, bool> isAlive)
    {
        _mark++;
        _isAlive = isAlive;
        _from = requester.Observed;
        _candidates.Clear();
        _isVeryLarge = swarm.Listed.Length > ChoosyUpTo;
        _maxCandidates = _isVeryLarge ? listSize : listSize * 2;
        if (requester.Find(swarm) is { } own)
        {
            own.Mark = _mark;
        }
    }

    private void FindLevels(Swarm swarm, ChunkQuestion question)
    {
        _levels.Clear();
        if (question.ExactLevel is { } id)
        {
            if (swarm.FindLevel(id) is { } exact)
            {
                _levels.Add(exact);
            }

            return;
        }

        var rest = ChunkQuestion.MaxLevels;
        foreach (var level in swarm.Levels)
        {
            if (--rest < 0)
            {
                return;
            }

            if (question.Fits(level.Id))
            {
                _levels.Add(level);
            }
        }
    }

    private void CollectHolders(Swarm swarm, long? chunk)
    {
        if (!swarm.IsIndexed)
        {
            foreach (var member in swarm.Listed)
            {
                foreach (var level in _levels)
                {
                    if (HeldSegments.Contains(member.Held, level, chunk))
                    {
                        TryAdd(member);
                        break;
                    }
                }
            }

            return;
        }

        foreach (var level in _levels)
        {
            Probe(swarm, level, chunk);
            Walk(swarm, level, chunk);
        }
    }

    /// <summary>Holders behind random places. When a few draws hit one and the same it is rare, and the walk will find all.</summary>
    private void Probe(Swarm swarm, SwarmLevel level, long? chunk)
    {
        _drawn.Clear();
        while (_drawn.Count < _maxCandidates && !IsRare())
        {
            var found = level.Next(chunk, random.Next(swarm.Listed.Length));
            found = found >= 0 ? found : level.Next(chunk, 0);
            if (found < 0)
            {
                return;
            }

            // In a very large swarm each draw takes the next few holders along, whose neighbourhood is in the cache by now.
            for (var run = _isVeryLarge ? RunLength : 1; run > 0 && found >= 0; run--)
            {
                _drawn.Add(swarm.Listed[found]);
                found = run > 1 ? level.Next(chunk, found + 1) : -1;
            }
        }

        AddDrawn();
    }

    private bool IsRare() => _drawn.Count == VainDraws && _drawn.TrueForAll(m => m == _drawn[0]);

    /// <summary>All holders in turn from a random place on, so that none is missed while there is room.</summary>
    private void Walk(Swarm swarm, SwarmLevel level, long? chunk)
    {
        var start = random.Next(swarm.Listed.Length);
        for (var at = level.Next(chunk, start); at >= 0 && _candidates.Count < _maxCandidates; at = level.Next(chunk, at + 1))
        {
            TryAdd(swarm.Listed[at]);
        }

        for (var at = level.Next(chunk, 0); at >= 0 && at < start && _candidates.Count < _maxCandidates; at = level.Next(chunk, at + 1))
        {
            TryAdd(swarm.Listed[at]);
        }
    }

    private void CollectAnyone(Swarm swarm)
    {
        var listed = swarm.Listed;
        if (listed.Length < Swarm.IndexedFrom || listed.Length <= _maxCandidates * 2)
        {
            foreach (var member in listed)
            {
                TryAdd(member);
            }

            return;
        }

        // At most an eighth of the places can be drawn twice or taken, so one round is almost always enough.
        for (var rounds = MaxRounds; rounds > 0 && _candidates.Count < _maxCandidates; rounds--)
        {
            _drawn.Clear();
            for (var rest = _maxCandidates - _candidates.Count; rest > 0; rest--)
            {
                _drawn.Add(listed[random.Next(listed.Length)]);
            }

            AddDrawn();
        }
    }

    /// <summary>
    /// Takes the drawn as candidates. In a large swarm none of them is in the processor's cache: touching all of them in two
    /// short loops first lets it fetch many at once, where the long way through each would fetch one after the other.
    /// </summary>
    private void AddDrawn()
    {
        var drawn = CollectionsMarshal.AsSpan(_drawn);
        uint touched = 0;
        foreach (var member in drawn)
        {
            touched += member.Mark;
        }

        foreach (var member in drawn)
        {
            touched += (uint)member.Peer.LastSeen;
        }

        _touched = touched;
        foreach (var member in drawn)
        {
            if (_candidates.Count == _maxCandidates)
            {
                break;
            }

            TryAdd(member);
        }
    }

    private bool TryAdd(Membership member)
    {
        if (member.Mark == _mark || !_isAlive(member))
        {
            return false;
        }

        member.Mark = _mark;
        _candidates.Add(new Candidate(member, CompactAddress.Cost(_from, member.Peer.Observed), random.Next()));
        return true;
    }

    /// <summary>The nearest of the candidates, those equally near at random.</summary>
    private void Take(List<ListedPeer> chosen)
    {
        _candidates.Sort(static (a, b) => a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.Chance.CompareTo(b.Chance));
        foreach (var (member, cost, _) in _candidates)
        {
            if (chosen.Count == listSize)
            {
                break;
            }

            chosen.Add(new ListedPeer(member.Peer.Id, member.Peer.Addresses, member.IsSeed, cost));
        }

        _candidates.Clear();
    }

    private readonly record struct Candidate(Membership Member, int Cost, int Chance);
}
