using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Tiers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>What the outcome of a message means for the session. Used by the session's loop only.</summary>
internal sealed class Consequences(SessionState state, PeerId self)
{
    private static readonly TimeSpan RefusalHold = TimeSpan.FromMinutes(10);

    private TrackerLink Link => state.Link;

    /// <summary>Takes in an outcome.</summary>
    /// <param name="exchange">The message that went out.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="now">Time of the session's clock.</param>
    /// <param name="utc">The wall clock, for people.</param>
    public void Apply(Exchange exchange, TrackerOutcome outcome, TimeSpan now, DateTimeOffset utc)
    {
        Heard(exchange.Tracker, outcome, now, utc);
        switch (exchange)
        {
            case ConnectExchange connect:
                AfterConnect(connect.Tracker, outcome as TrackerFailure, now);
                break;
            case JoinExchange join:
                AfterJoin(join.Member, outcome as TrackerFailure, now);
                break;
            case LeaveExchange leave:
                AfterLeave(leave, outcome);
                break;
            case FindExchange find:
                AfterFind(find.Member, outcome, now);
                break;
            case ReportExchange report:
                AfterReport(report.Part, outcome as TrackerFailure, now);
                break;
            case KeepAliveExchange:
                AfterKeepAlive(outcome as TrackerFailure, now);
                break;
            case QuitExchange:
                state.EndGoodbye();
                break;
        }
    }

    /// <summary>Notes when a tracker answered, and when the session's own last accepted a message.</summary>
    public void Heard(Candidate tracker, TrackerOutcome outcome, TimeSpan now, DateTimeOffset utc)
    {
        if (outcome is TrackerAnswer or TrackerRefusal)
        {
            tracker.LastAnswer = utc;
        }

        if (outcome is TrackerAnswer)
        {
            state.LastAcceptedAt = now;
        }
    }

    /// <summary>The peers of an answer, without this one.</summary>
    public IReadOnlyList<PeerInfo> Peers(TrackerOutcome outcome) =>
        outcome is TrackerAnswer { Response.Peers: { } peers } ? [.. peers.Where(p => p.PeerId != self)] : [];

    /// <summary>True when the tracker has forgotten this peer (docs/protocol.md, Tracker session).</summary>
    public static bool MeansForgotten(TrackerFailure failure) =>
        failure is TrackerRefusal { Code: ResponseCode.MessageForbidden };

    /// <summary>The tracker has forgotten this peer: everything is to be said again.</summary>
    public void Forget(TrackerFailure failure, TimeSpan now)
    {
        if (state.Goodbye is null && Link.Current is not null)
        {
            Link.Forgotten(failure, now);
            state.RestartMembers(now);
        }
    }

    /// <summary>The round ended without a tracker.</summary>
    public void AfterPlanning()
    {
        if (Link.TakeRoundFailed())
        {
            state.FailFirstAttempts();
        }
    }

    private void AfterConnect(Candidate tracker, TrackerFailure? failure, TimeSpan now)
    {
        if (failure is not null)
        {
            if (state.Goodbye is not null && MayHaveArrived(failure))
            {
                state.SayFarewell(tracker, []);
            }

            Link.ConnectFailed(tracker, failure, now);
            return;
        }

        if (Link.LastServing is { } last && last != tracker)
        {
            state.Metrics.MovedTo(isBetter: Link.Current is not null);
        }

        SwarmId[] swarms = [.. state.Members.Where(m => m.JoinSent).Select(m => m.SwarmId)];
        if (Link.Connected(tracker, now) is { } worse)
        {
            TrackerLog.FailedBack(state.Logger, worse.Endpoint.Name, tracker.Endpoint.Name);
            state.SayFarewell(worse, swarms);
        }

        state.RestartMembers(now);
    }

    private void AfterJoin(Member member, TrackerFailure? failure, TimeSpan now)
    {
        if (failure is null)
        {
            TrackerLog.Joined(state.Logger, member.SwarmId.Value, Link.Current!.Endpoint.Name);
            if (member.IsActive)
            {
                member.Joined(now);
            }
        }
        else if (failure is not TrackerRefusal refusal || IsTrouble(refusal.Code))
        {
            Lose(failure, now);
        }
        else if (MeansForgotten(failure) && Link.IsProven)
        {
            Forget(failure, now);
        }
        else
        {
            RefuseSwarm(member, refusal, now);
        }
    }

    /// <summary>The tracker does not want this swarm. With no other swarm to stay for, another tracker may.</summary>
    private void RefuseSwarm(Member member, TrackerRefusal refusal, TimeSpan now)
    {
        var tracker = Link.Current!;
        TrackerLog.JoinRefused(state.Logger, tracker.Endpoint.Name, member.SwarmId.Value, refusal.Sentence);
        member.JoinRefused(now);
        if (state.Goodbye is not null)
        {
            return;
        }

        if (state.Members.Any(m => m.IsActive && m != member))
        {
            member.CompleteFirstAttempt(new JoinOutcome(false, [new JoinFailure(tracker.Endpoint.Name, refusal.Sentence)]));
            return;
        }

        state.SayFarewell(tracker, []);
        if (state.Tiers.All.Count > 1)
        {
            tracker.HoldUntil = now + RefusalHold;
        }

        Lose(refusal, now);
    }

    private void AfterLeave(LeaveExchange leave, TrackerOutcome outcome)
    {
        if (leave.Member is not { } member)
        {
            return;
        }

        TrackerLog.Left(state.Logger, member.SwarmId.Value, leave.Tracker.Endpoint.Name);
        if (state.Goodbye is { } goodbye)
        {
            goodbye.SkipsLeaves = outcome is TrackerUnreachable;
            member.JoinSent = false;
            return;
        }

        state.Remove(member);
    }

    private void AfterFind(Member member, TrackerOutcome outcome, TimeSpan now)
    {
        if (outcome is not TrackerFailure failure)
        {
            if (member.IsActive)
            {
                member.PeersFound(Peers(outcome));
            }

            member.Found(now);
        }
        else if (MeansForgotten(failure) || failure is TrackerRefusal { Code: ResponseCode.ObjectNotFound })
        {
            Forget(failure, now);
        }
        else if (!LostOver(failure, now))
        {
            member.Found(now);
        }
    }

    private void AfterReport(ReportPart part, TrackerFailure? failure, TimeSpan now)
    {
        if (failure is not null && MeansForgotten(failure))
        {
            Forget(failure, now);
            return;
        }

        if (failure is not null && LostOver(failure, now))
        {
            return;
        }

        if (Link.State == LinkState.Connected)
        {
            Link.Prove();
        }

        foreach (var (member, report) in part.Completed)
        {
            member.Reported(report);
        }
    }

    private void AfterKeepAlive(TrackerFailure? failure, TimeSpan now)
    {
        if (failure is not null && MeansForgotten(failure))
        {
            Forget(failure, now);
        }
        else if (failure is not null && !LostOver(failure, now))
        {
            state.LastAcceptedAt = now;
        }
    }

    /// <summary>True when the failure costs the session its tracker; a refusal of the one message only does not.</summary>
    private bool LostOver(TrackerFailure failure, TimeSpan now)
    {
        if (failure is TrackerRefusal refusal && !IsTrouble(refusal.Code) && refusal.Code != ResponseCode.AuthenticationRequired)
        {
            TrackerLog.MessageRefused(state.Logger, Link.Current?.Endpoint.Name ?? "", failure.Sentence);
            return false;
        }

        Lose(failure, now);
        return true;
    }

    private void Lose(TrackerFailure failure, TimeSpan now)
    {
        if (state.Goodbye is null && Link.Current is not null)
        {
            Link.Lost(failure, now);
            state.RestartMembers(now);
        }
    }

    /// <summary>True when the tracker may have done what it was asked for although no answer says so.</summary>
    private static bool MayHaveArrived(TrackerFailure failure) => failure is TrackerMalformed
        or TrackerUnreachable { Kind: UnreachableKind.Cancelled or UnreachableKind.TimedOut or UnreachableKind.Broken };

    private static bool IsTrouble(ResponseCode code) => code is ResponseCode.InternalError or ResponseCode.TemporarilyOverloaded;
}
