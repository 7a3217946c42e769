using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// Who waits for which FIND_CHUNK, and how many may be asked: five a second after a burst of ten, four at a time, and no
/// chunk twice within two seconds. Used by the session's loop only.
/// </summary>
internal sealed class ChunkQuestions
{
    private const int MaxTokens = 10;
    private const int TokensPerSecond = 5;
    private const int MaxInFlight = 4;
    private const int MaxRemembered = 256;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(SwarmId, ChunkId), List<TaskCompletionSource<IReadOnlyList<PeerInfo>>>> _waiting = [];
    private readonly Dictionary<(SwarmId, ChunkId), (TimeSpan At, IReadOnlyList<PeerInfo> Peers)> _remembered = [];
    private double _tokens = MaxTokens;
    private TimeSpan _refilledAt;

    /// <summary>True when the question is to be sent; false when it has been answered or will be by one that was sent.</summary>
    public bool Ask(
        (SwarmId Swarm, ChunkId Chunk) key, TaskCompletionSource<IReadOnlyList<PeerInfo>> asker, bool canSend, TimeSpan now)
    {
        if (_waiting.TryGetValue(key, out var others))
        {
            others.Add(asker);
            return false;
        }

        if (_remembered.TryGetValue(key, out var known) && now - known.At < Memory)
        {
            asker.TrySetResult(known.Peers);
            return false;
        }

        if (!canSend || _waiting.Count >= MaxInFlight || !TakeToken(now))
        {
            asker.TrySetResult([]);
            return false;
        }

        _waiting[key] = [asker];
        return true;
    }

    /// <summary>A question was answered, or will not be.</summary>
    public void Answer((SwarmId Swarm, ChunkId Chunk) key, IReadOnlyList<PeerInfo> peers, TimeSpan now)
    {
        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        _remembered[key] = (now, peers);
        if (_waiting.Remove(key, out var askers))
        {
            askers.ForEach(a => a.TrySetResult(peers));
        }
    }

    private bool TakeToken(TimeSpan now)
    {
        _tokens = Math.Min(MaxTokens, _tokens + ((now - _refilledAt).TotalSeconds * TokensPerSecond));
        _refilledAt = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
