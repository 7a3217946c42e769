using System.Security.Cryptography;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>Says what an attempt that has ended was worth: keeps a good chunk, and lets the source feel the rest.</summary>
internal sealed class AttemptJudge(FetchSite site, FetchPlan plan, Arrival? arrival, ChunkId chunk)
{
    /// <summary>The end of the fetch, or null when it has to go on.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How it ended; null when it was cancelled.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    public async Task<FetchEnd?> JudgeAsync(Attempt attempt, TransferOutcome? outcome, CancellationToken cancellationToken)
    {
        site.Traffic.Metrics.Attempted(outcome?.Result.ToString() ?? "Beaten");
        if (outcome is { Result: TransferResult.Done } && (arrival is null || arrival.Finished(attempt)))
        {
            return await KeepAsync(attempt, cancellationToken);
        }

        // Done without leading: another source was faster.
        var worth = attempt.IsPage ? new TransferOutcome(TransferResult.Malformed, "sent a page of text in place of media")
            : outcome is { Result: TransferResult.Done } ? null
            : outcome;
        Dismiss(attempt, worth);
        return null;
    }

    /// <summary>An attempt brought nothing that can be kept.</summary>
    private void Dismiss(Attempt attempt, TransferOutcome? outcome)
    {
        if (arrival?.IsLedBy(attempt) == true)
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
            site.Parts.Logger.Suspect(site.SwarmId, attempt.Source.Name, chunk, arrival!.ContentType);
            plan.Suspected(attempt.Source);
        }
        else if (outcome is not null)
        {
            site.Parts.Logger.AttemptFailed(site.SwarmId, attempt.Source.Name, outcome.Detail, chunk);
            plan.Failed(attempt.Source, outcome, site.Parts.Clock.Now);
        }
    }

    /// <summary>All bytes are here: verified and kept, or thrown away.</summary>
    private async Task<FetchEnd?> KeepAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var buffer = attempt.Buffer;
        if (buffer.Length == 0 || (buffer.Announced is { } all && all != buffer.Length))
        {
            var detail = buffer.Length == 0 ? "sent an empty chunk" : "sent less than it had announced";
            Dismiss(attempt, new TransferOutcome(TransferResult.Malformed, detail));
            return null;
        }

        attempt.ObserveSpeed();
        if (arrival is not null)
        {
            buffer.Complete();
        }

        var content = buffer.ToMemory();
        var put = buffer.MayKeep
            ? await site.Chunks.PutAsync(chunk, content, cancellationToken)
            : CheckOnly(content);
        if (put == PutOutcome.Damaged && attempt.MayBeginWithLineBreak && LineBreakAt(content.Span) is > 0 and var skip)
        {
            content = content[skip..];
            put = await site.Chunks.PutAsync(chunk, content, cancellationToken);
        }

        switch (put)
        {
            case PutOutcome.Damaged:
                Ban(attempt);
                return null;
            case PutOutcome.Refused when arrival is null:
                site.Traffic.Wasted(attempt.Received);
                plan.Exclude(attempt.Source, "sent a chunk that the store does not take");
                return null;
            case PutOutcome.MemoryOnly when !buffer.MayKeep:
                break;
            case PutOutcome.MemoryOnly or PutOutcome.Refused:
                site.Parts.Logger.NotKept(site.SwarmId, chunk);
                break;
        }

        _ = site.Chunks.Layout.ListLengthOf(chunk) is not null && site.Chunks.Learn(chunk, content);
        attempt.Source.Health.Succeeded();
        site.Traffic.ChunkDone(attempt.Source.IsOrigin);
        site.ObserveSize(content.Length);
        site.Parts.Logger.Fetched(site.SwarmId, chunk, attempt.Source.Name, content.Length);
        return new FetchEnd.Whole(content);
    }

    /// <summary>What its source does not let us keep is checked for those who wait, and goes with them.</summary>
    private PutOutcome CheckOnly(ReadOnlyMemory<byte> content) =>
        site.Chunks.Layout.HashOf(chunk) is { } hash && !hash.Span.SequenceEqual(SHA256.HashData(content.Span))
            ? PutOutcome.Damaged
            : PutOutcome.MemoryOnly;

    private void Ban(Attempt attempt)
    {
        const string Detail = "sent a chunk that does not match the manifest";
        site.Parts.Logger.Banned(site.SwarmId, attempt.Source.Name, chunk);
        site.Traffic.ChunkDamaged();
        site.Traffic.Wasted(attempt.Received);
        plan.Exclude(attempt.Source, Detail);
        if (attempt.Source is Peer peer)
        {
            site.Directory.Ban(peer, Detail);
        }
        else
        {
            attempt.Source.Health.Ban(Detail);
        }
    }

    private static int LineBreakAt(ReadOnlySpan<byte> content) =>
        content.StartsWith("\r\n"u8) ? 2 : content.StartsWith("\n"u8) ? 1 : 0;
}
