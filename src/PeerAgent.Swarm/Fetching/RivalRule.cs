using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// When a second source is asked beside the first: the first is silent, will miss the deadline, or crawls while somebody
/// known to be much faster has the chunk too.
/// </summary>
internal sealed class RivalRule(FetchOptions options)
{
    private const double MuchFaster = 3;

    /// <summary>The rival to ask now, or null.</summary>
    public Source? Find(FetchPlan plan, ArrivalAttempt first, TimeSpan now, TimeSpan deadline)
    {
        var left = deadline - now;
        if (now - first.LastByte >= options.RivalAfter)
        {
            return plan.NextRival(now, first.Source, faster: null);
        }

        if (now - first.Started < options.RivalAfter || Remaining(first, now) is not { } remaining)
        {
            return null;
        }

        return remaining > left.TotalSeconds
            ? plan.NextRival(now, first.Source, faster: null)
            : plan.NextRival(now, first.Source, remaining / MuchFaster);
    }

    /// <summary>Seconds until the first will be done at its present pace; null when nobody can say.</summary>
    private static double? Remaining(ArrivalAttempt attempt, TimeSpan now)
    {
        var seconds = (now - attempt.Started).TotalSeconds;
        return attempt.Buffer.Announced is { } all && attempt.Received > 0
            ? (all - attempt.Buffer.Length) * seconds / attempt.Received
            : null;
    }
}
