using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Telemetry;
using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Timing;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>Carries messages to trackers in the name of this peer. Keeps no state; its methods never throw.</summary>
internal sealed class Courier(SessionIdentity me, Chance chance, TimeProvider time, Instruments instruments)
{
    private static readonly TrackerUnreachable Cancelled = new(UnreachableKind.Cancelled, "the request was given up");

    public SessionIdentity Me => me;

    /// <summary>Sends a message; CONNECT waits until no earlier DISCONNECT is on its way.</summary>
    public async Task<TrackerOutcome> CarryAsync(Exchange exchange, Registration? place, CancellationToken ct)
    {
        try
        {
            if (exchange is ConnectExchange && place is not null)
            {
                await place.Ready.WaitAsync(ct);
            }

            var started = time.GetTimestamp();
            var outcome = await SendAsync(exchange, ct);
            instruments.Metrics.Asked(exchange.Verb, outcome.Label, time.GetElapsedTime(started));
            return outcome;
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
    }

    /// <summary>Sends DISCONNECT, unless another session is registered there; then the place is given back only.</summary>
    public async Task<TrackerOutcome> QuitAsync(QuitExchange exchange, Registration? place, CancellationToken ct)
    {
        if (place is null || !place.TryBeginQuit())
        {
            return Cancelled;
        }

        try
        {
            return await CarryAsync(exchange, place, ct);
        }
        finally
        {
            place.QuitDone();
        }
    }

    /// <summary>Leaves a tracker for another one: DISCONNECT, or LEAVE for each swarm where another session stays.</summary>
    public async Task FarewellAsync(Candidate tracker, Registration place, IReadOnlyList<SwarmId> swarms, CancellationToken ct)
    {
        var brief = (tracker.Client.Patience with { Retries = 0, Insist = true }).Within(Goodbye.Usual);
        var quit = await QuitAsync(new QuitExchange(tracker, brief), place, ct);
        if (quit is not TrackerUnreachable { Kind: UnreachableKind.Cancelled })
        {
            return;
        }

        foreach (var swarm in swarms)
        {
            await CarryAsync(new LeaveExchange(tracker, brief, swarm, Member: null), place: null, ct);
        }
    }

    /// <summary>The first of the trackers that answers a KEEPALIVE; one that does not know this peer answers, too.</summary>
    public async Task<Candidate?> ProbeAsync(IReadOnlyList<Candidate> trackers, CancellationToken ct)
    {
        foreach (var tracker in trackers)
        {
            var once = tracker.Client.Patience with { Retries = 0 };
            var outcome = await CarryAsync(new KeepAliveExchange(tracker, once), place: null, ct);
            if (outcome is TrackerAnswer or TrackerRefusal { Code: ResponseCode.MessageForbidden or ResponseCode.ObjectNotFound })
            {
                return tracker;
            }
        }

        return null;
    }

    private async Task<TrackerOutcome> SendAsync(Exchange exchange, CancellationToken ct)
    {
        try
        {
            var request = exchange.ToRequest(me, chance.NextTransaction());
            return await exchange.Tracker.Client.SendAsync(request, exchange.Patience, ct);
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
        catch (Exception e)
        {
            // A message that cannot be made is a defect; it must not end the loop, which has goodbyes to say.
            TrackerLog.ExchangeFailed(instruments.Logger, e, exchange.Tracker.Endpoint.Name);
            return new TrackerUnreachable(UnreachableKind.Broken, "the request could not be made");
        }
    }
}
