using Microsoft.Extensions.Options;
using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Streams;

/// <summary>
/// How long a player that brings a manifest waits for trackers: hardly, where the content can come from elsewhere; else until
/// each tracker had the time of one request. What is not answered by then goes on without the player.
/// </summary>
public sealed class TrackerWait(IOptions<TrackerOptions> options, TimeProvider time)
{
    /// <summary>Where the content can come without trackers they get so long to name peers, which saves the origin traffic.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits as long as it makes sense. Null when the stream can be played, else why not, one sentence a tracker.</summary>
    /// <param name="active">The stream, entered already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<NoSource?> ForContentAsync(ActiveStream active, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(active);
        var membership = active.Membership;
        var isSure = HasContent(active) || IsRegistered(membership);
        var joined = await WithinAsync(
            membership.FirstAttempt, isSure ? Grace : options.Value.RequestTimeout * membership.Trackers.Count, cancellationToken);
        if (joined is { IsJoined: true } || membership.FirstJoined.IsCompletedSuccessfully || HasContent(active))
        {
            return null;
        }

        // A tracker that has taken us in is still being asked; one that has refused the swarm will not help.
        return joined is null && IsRegistered(membership) ? null : new NoSource([.. Failures(membership, joined)]);
    }

    private static bool HasContent(ActiveStream active) =>
        active.Chunks.Layout.Stream.Origins.Count > 0 || active.Chunks.HeldCount > 0 || active.Swarm.UsablePeers > 0;

    private static bool IsRegistered(SwarmMembership membership) => membership.Trackers.Any(t => t.State == TrackerState.Connected);

    private IEnumerable<string> Failures(SwarmMembership membership, JoinOutcome? joined) =>
        joined is not null
            ? joined.Failures.Select(f => Sentence(f.Url, f.Reason))
            : membership.Trackers.Select(t => Sentence(t.Url, t.LastError ?? (t.State == TrackerState.Connecting
                ? FormattableString.Invariant($"it did not answer within {options.Value.RequestTimeout.TotalSeconds:0.###} s")
                : "it was not asked")));

    private static string Sentence(string url, string reason) => $"{url}: {reason.TrimEnd('.')}.";

    /// <summary>The outcome; null when there was none in time.</summary>
    private async Task<JoinOutcome?> WithinAsync(Task<JoinOutcome> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await attempt.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
