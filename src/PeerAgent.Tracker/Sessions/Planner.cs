using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Tiers;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// What a session sends next, from its state and the time alone: goodbyes, then what someone waits for, then reports, then
/// the routine. Used by the session's loop only.
/// </summary>
internal sealed class Planner(SessionState state)
{
    private static readonly TimeSpan FindSpacing = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan GoodbyeAttempt = TimeSpan.FromSeconds(2);

    private TrackerLink Link => state.Link;

    private Patience Usual => new(state.Options.RequestTimeout, state.Options.Retries, state.Options.RequestBudget);

    /// <summary>Someone waits and another tracker could serve: one time-out is patience enough.</summary>
    private Patience Prompt(TimeSpan now) => IsHurried ? Usual.Within(state.Options.RequestTimeout) : Connected(now);

    /// <summary>A connected tracker that keeps silent twice is left, if there is another one.</summary>
    private Patience Connected(TimeSpan now) => Link.HasSpare(now) ? Usual with { MostSilences = 2 } : Usual;

    private bool IsHurried => !Link.IsProven && Link.HasAlternative;

    /// <summary>The message to send now; null = none.</summary>
    public Exchange? Next(TimeSpan now)
    {
        if (state.Goodbye is { } goodbye)
        {
            return NextGoodbye(goodbye, now);
        }

        if (!state.Members.Any(m => m.IsActive))
        {
            return null;
        }

        if (Link.NextToConnect(now) is { } candidate)
        {
            return new ConnectExchange(candidate, IsHurried ? Usual.Within(state.Options.RequestTimeout) : Usual);
        }

        return Link.Current is { } tracker ? NextAt(tracker, now) : null;
    }

    /// <summary>When <see cref="Next"/> may have something new to say, if nothing happens before; null = never.</summary>
    public TimeSpan? NextWake()
    {
        if (state.Goodbye is { } goodbye)
        {
            return goodbye.EndsAt;
        }

        if (!state.Members.Any(m => m.IsActive))
        {
            return state.StopsAt;
        }

        if (Link.State != LinkState.Connected)
        {
            return Link.NextRoundAt;
        }

        var wake = state.LastAcceptedAt + state.Options.KeepAliveInterval;
        if (Link.Failback.NextAt is { } probe && !state.IsProbing)
        {
            wake = Earlier(wake, probe);
        }

        foreach (var member in state.Members)
        {
            wake = member.State switch
            {
                MemberState.Joining => Earlier(wake, member.JoinAt),
                MemberState.Joined => Earlier(Earlier(wake, FindAt(member)), member.ReportAt ?? state.Reporting.NextAt),
                MemberState.Leaving or MemberState.Left => wake,
                _ => throw new InvalidOperationException($"Unknown state {member.State}."),
            };
        }

        return state.Joined.Any() ? Earlier(wake, state.Reporting.NextAt) : wake;
    }

    /// <summary>The better trackers to try now; empty = none.</summary>
    public IReadOnlyList<Candidate> NextToProbe(TimeSpan now)
    {
        if (state.Goodbye is not null || state.IsProbing || Link.GoBackTo is not null
            || Link.Current is not { } current || Link.Failback.NextAt is not { } due || now < due)
        {
            return [];
        }

        var better = state.Tiers.BetterThan(current, now);
        if (better.Count == 0)
        {
            Link.Failback.Tried(null, now);
        }

        return better;
    }

    private Exchange? NextAt(Candidate tracker, TimeSpan now)
    {
        if (state.Members.FirstOrDefault(m => m.State == MemberState.Leaving) is { } leaving)
        {
            return new LeaveExchange(tracker, Brief(GoodbyeAttempt), leaving.SwarmId, leaving);
        }

        if (state.Members.FirstOrDefault(m => m.State == MemberState.Joining && m.JoinAt <= now) is { } joining)
        {
            return new JoinExchange(tracker, Prompt(now), joining);
        }

        if (Link.GoBackTo is { } better)
        {
            Link.GoBackTo = null;
            return new ConnectExchange(better, Usual.Within(state.Options.RequestTimeout));
        }

        return NextRoutine(tracker, [.. state.Joined], now);
    }

    private Exchange? NextRoutine(Candidate tracker, List<Member> joined, TimeSpan now)
    {
        if (joined.FirstOrDefault(m => m.IsFresh && m.FindIsDue(now)) is { } fresh)
        {
            return new FindExchange(tracker, Prompt(now), fresh);
        }

        if (state.Reporting.Next(joined, now) is { } part)
        {
            return new ReportExchange(tracker, Prompt(now), part);
        }

        if (now >= state.FindSlot && joined.FirstOrDefault(m => m.FindIsDue(now)) is { } routine)
        {
            state.FindSlot = now + FindSpacing;
            return new FindExchange(tracker, Connected(now), routine);
        }

        return now >= state.LastAcceptedAt + state.Options.KeepAliveInterval ? new KeepAliveExchange(tracker, Connected(now)) : null;
    }

    private Exchange? NextGoodbye(Goodbye goodbye, TimeSpan now)
    {
        if (Link.Current is not { } tracker || now >= goodbye.EndsAt)
        {
            state.EndGoodbye();
            return null;
        }

        var leaving = state.Members.FirstOrDefault(m => m.State == MemberState.Leaving && m.JoinSent);
        if (leaving is not null && !goodbye.SkipsLeaves && now < goodbye.LeavesEndAt)
        {
            return new LeaveExchange(tracker, Brief(goodbye.LeavesEndAt - now), leaving.SwarmId, leaving);
        }

        return new QuitExchange(tracker, Brief(goodbye.EndsAt - now));
    }

    private Patience Brief(TimeSpan limit) =>
        (Usual with { Retries = Math.Min(1, Usual.Retries), Insist = true })
        .Within(limit < GoodbyeAttempt ? limit : GoodbyeAttempt);

    private TimeSpan FindAt(Member member) =>
        member.IsFresh || member.Finding.NextAt > state.FindSlot ? member.Finding.NextAt : state.FindSlot;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
