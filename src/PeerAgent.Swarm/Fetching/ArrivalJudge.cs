using PeerAgent.Media.Store;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>Says what an attempt at a chunk without a hash was worth: keeps a good chunk, and lets the source feel the rest.</summary>
internal sealed class ArrivalJudge(FetchSite site, FetchPlan plan, Arrival arrival, ChunkId chunk)
{
    /// <summary>The end of the fetch, or null when it has to go on.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How it ended; null when it was cancelled.</param>
    public FetchEnd? Judge(ArrivalAttempt attempt, TransferOutcome? outcome)
    {
        if (outcome is { Result: TransferResult.Done } && arrival.Finished(attempt))
        {
            return Keep(attempt);
        }

        // Done without leading: another source was faster.
        var worth = attempt.IsPage ? new TransferOutcome(TransferResult.Malformed, "sent a page of text in place of media")
            : outcome is { Result: TransferResult.Done } ? null
            : outcome;
        Dismiss(attempt, worth);
        return null;
    }

    /// <summary>An attempt brought nothing that can be kept.</summary>
    private void Dismiss(ArrivalAttempt attempt, TransferOutcome? outcome)
    {
        if (arrival.IsLedBy(attempt))
        {
            arrival.LeaderLost();
        }
        else
        {
            site.Traffic.Wasted(attempt.Received);
        }

        if (outcome is null or { Result: TransferResult.TooSlow or TransferResult.BrokenOff })
        {
            attempt.ObserveSpeed();
        }

        if (attempt.IsSuspect)
        {
            site.Parts.Logger.Suspect(site.SwarmId, attempt.Source.Name, chunk, arrival.ContentType);
            plan.Suspected(attempt.Source);
        }
        else if (outcome is not null)
        {
            site.Parts.Logger.AttemptFailed(site.SwarmId, attempt.Source.Name, outcome.Detail, chunk);
            plan.Failed(attempt.Source, outcome, site.Parts.Clock.Now);
        }
    }

    /// <summary>All bytes are here: verified and kept, or thrown away.</summary>
    private FetchEnd.Whole? Keep(ArrivalAttempt attempt)
    {
        var buffer = attempt.Buffer;
        if (buffer.Length == 0 || (buffer.Announced is { } all && all != buffer.Length))
        {
            var detail = buffer.Length == 0 ? "sent an empty chunk" : "sent less than it had announced";
            Dismiss(attempt, new TransferOutcome(TransferResult.Malformed, detail));
            return null;
        }

        attempt.ObserveSpeed();
        buffer.Complete();
        var (content, taken) = buffer.HandOver();
        var put = buffer.MayKeep ? site.Chunks.Admit(chunk, content, taken).Outcome : PutOutcome.MemoryOnly;
        if (put != PutOutcome.Admitted)
        {
            site.Memory.Give(taken);
        }

        if (put == PutOutcome.Refused)
        {
            site.Parts.Logger.NotKept(site.SwarmId, chunk);
        }

        attempt.Source.Health.Succeeded();
        site.Traffic.ChunkDone(attempt.Source.IsOrigin);
        site.ObserveSize(chunk, content.Length);
        site.Parts.Logger.Fetched(site.SwarmId, chunk, attempt.Source.Name, content.Length);
        return new FetchEnd.Whole(content);
    }
}
