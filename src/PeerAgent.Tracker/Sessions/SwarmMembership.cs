using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// A swarm that this peer takes part in. Trackers are told and asked in the background until it is disposed, which leaves
/// the swarm. Safe to use from any thread.
/// </summary>
public sealed class SwarmMembership : IAsyncDisposable
{
    private readonly TrackerSession _session;
    private readonly Member _member;
    private readonly Action _release;
    private int _released;

    internal SwarmMembership(TrackerSession session, Member member, Action release)
    {
        _session = session;
        _member = member;
        _release = release;
    }

    /// <summary>The swarm.</summary>
    public SwarmId SwarmId => _member.SwarmId;

    /// <summary>
    /// Done when JOIN, the first FIND_PEER (where peers are wanted) and the first STAT_REPORT were answered by some tracker,
    /// or when every tracker of every tier has failed once. Never faults. The session goes on trying either way.
    /// </summary>
    public Task<JoinOutcome> FirstAttempt => _member.FirstAttempt;

    /// <summary>
    /// Done when some tracker has accepted JOIN and answered the first STAT_REPORT, however long that takes; cancelled when
    /// the swarm is left before.
    /// </summary>
    public Task FirstJoined => _member.FirstJoined;

    /// <summary>How the session stands with each of its trackers, best tier first: a snapshot.</summary>
    public IReadOnlyList<TrackerStatus> Trackers => _session.Status;

    /// <summary>
    /// Asks FIND_CHUNK (draft-cruz-ppsp-http-tracker-protocol-01, section 4.9). Empty when the tracker knows nobody, cannot be
    /// reached, or has been asked too often lately. The same question within two seconds gets the same answer.
    /// </summary>
    /// <param name="level">The level the chunk belongs to.</param>
    /// <param name="index">Number of the chunk.</param>
    /// <param name="ct">Ends the wait, not the question, which others may share.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public Task<IReadOnlyList<PeerInfo>> FindChunkAsync(LevelId level, long index, CancellationToken ct) =>
        _session.FindChunkAsync(_member, new ChunkId(level, index)).WaitAsync(ct);

    /// <summary>More peers are wanted: FIND_PEER is sent soon, but at least two seconds after the last one.</summary>
    public void RequestPeers()
    {
        if (_member.TryHint(Member.PeersHint))
        {
            _session.RequestPeers(_member);
        }
    }

    /// <summary>The chunk map has changed: told a second later if more than 5 % of it has, else with the next report.</summary>
    public void ReportChanged()
    {
        if (_member.TryHint(Member.MapHint))
        {
            _session.ReportChanged(_member);
        }
    }

    /// <summary>
    /// Leaves the swarm: LEAVE, and DISCONNECT when nothing is left in the session. Done when the tracker has answered or is
    /// given up, after 3 s at most. Leaving again does nothing.
    /// </summary>
    /// <param name="ct">Ends the wait only; the swarm is left all the same.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public Task LeaveAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _release();
            return _session.LeaveAsync(_member).WaitAsync(ct);
        }

        return _member.Left.WaitAsync(ct);
    }

    /// <summary>The last player has gone: <see cref="LeaveAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await LeaveAsync(CancellationToken.None);
}
