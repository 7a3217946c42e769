namespace ReferenceTracker.Registry;

/// <summary>
/// Whom a list names: holders of what was asked first, within that the nearest first, else at random. Looks at no more
/// than twice the length of a list, so that its cost does not grow with the swarm. Guarded by the registry's lock.
/// </summary>
/// <param name="listSize">Longest list.</param>
/// <param name="random">The source of chance.</param>
internal sealed class PeerSelection(int listSize, Random random)
{
    private const int VainProbes = 8;

    private readonly List<Candidate> _candidates = [];
    private readonly List<SwarmLevel> _levels = [];
    private uint _mark;
    private CompactAddress _from;
    private Func<Membership, bool> _isAlive = _ => true;

    private int MaxCandidates => listSize * 2;

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

    /// <summary>Holders behind random places; gives up when it keeps finding the same.</summary>
    private void Probe(Swarm swarm, SwarmLevel level, long? chunk)
    {
        var vain = 0;
        while (vain < VainProbes && _candidates.Count < MaxCandidates)
        {
            var found = level.Next(chunk, random.Next(swarm.Listed.Length));
            found = found >= 0 ? found : level.Next(chunk, 0);
            if (found < 0)
            {
                return;
            }

            vain = TryAdd(swarm.Listed[found]) ? 0 : vain + 1;
        }
    }

    /// <summary>All holders in turn from a random place on, so that none is missed while there is room.</summary>
    private void Walk(Swarm swarm, SwarmLevel level, long? chunk)
    {
        var start = random.Next(swarm.Listed.Length);
        for (var at = level.Next(chunk, start); at >= 0 && _candidates.Count < MaxCandidates; at = level.Next(chunk, at + 1))
        {
            TryAdd(swarm.Listed[at]);
        }

        for (var at = level.Next(chunk, 0); at >= 0 && at < start && _candidates.Count < MaxCandidates; at = level.Next(chunk, at + 1))
        {
            TryAdd(swarm.Listed[at]);
        }
    }

    private void CollectAnyone(Swarm swarm)
    {
        var listed = swarm.Listed;
        if (listed.Length <= MaxCandidates * 2)
        {
            foreach (var member in listed)
            {
                TryAdd(member);
            }

            return;
        }

        // At most a quarter of the places can be taken already, so this many tries are more than enough.
        for (var tries = MaxCandidates * 8; tries > 0 && _candidates.Count < MaxCandidates; tries--)
        {
            TryAdd(listed[random.Next(listed.Length)]);
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
