using System.Net;
using System.Net.Http.Headers;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// The HTTP peer protocol's client side (draft-cruz-ppsp-http-peer-protocol-00, with raw chunks where the peer knows
/// them).
/// </summary>
internal sealed class HttpPeerTransport(PeerHttp http, LocalPeer self, FetchOptions options, Dice dice, TimeProvider time) : IPeerTransport
{
    private const int MaxPeersInList = 200;

    private static readonly MediaTypeHeaderValue Xml = new("text/xml", "utf-8");

    /// <inheritdoc/>
    public async Task<TransferOutcome> GetChunkAsync(
        PeerContact peer, ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken)
    {
        var begun = new BegunSink(sink);
        var outcome = Nowhere;
        foreach (var address in peer.InOrder())
        {
            outcome = await TryChunkAsync(address, wanted, begun, cancellationToken);
            if (outcome.Result == TransferResult.BrokenOff && !begun.HasBegun)
            {
                // A pooled connection that the peer was just closing looks like this: once more, on another one.
                outcome = await TryChunkAsync(address, wanted, begun, cancellationToken);
            }

            if (outcome.Result is not TransferResult.Unreachable)
            {
                peer.Answered(address);
                break;
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public async Task<MapAnswer> GetMapAsync(
        PeerContact peer, SwarmId swarmId, string? knownTag, CancellationToken cancellationToken)
    {
        var request = new GetChunkMapRequest { PeerId = self.PeerId, SwarmId = swarmId, TransactionId = dice.NewTransaction() };
        var answer = await AskAsync(peer, request, knownTag, cancellationToken);
        if (answer.Response is null)
        {
            return new MapAnswer(answer.Outcome, null, answer.NotModified ? knownTag : null);
        }

        return answer.Response.ChunkMaps is { } maps && (answer.Response.SwarmId is null || answer.Response.SwarmId == swarmId)
            ? new MapAnswer(answer.Outcome, maps, answer.Tag)
            : new MapAnswer(new TransferOutcome(TransferResult.Malformed, "sent no ChunkMap of the swarm"), null, null);
    }

    /// <inheritdoc/>
    public async Task<PeerListAnswer> GetPeersAsync(PeerContact peer, SwarmId swarmId, CancellationToken cancellationToken)
    {
        var request = new GetPeerListRequest { PeerId = self.PeerId, SwarmId = swarmId, TransactionId = dice.NewTransaction() };
        var answer = await AskAsync(peer, request, null, cancellationToken);
        return new PeerListAnswer(answer.Outcome, [.. (answer.Response?.Peers ?? []).Take(MaxPeersInList)]);
    }

    /// <inheritdoc/>
    public async Task<TransferOutcome> TellStatusAsync(
        PeerContact peer, SwarmId swarmId, string status, CancellationToken cancellationToken)
    {
        var request = new PeerStatusRequest
        {
            PeerId = self.PeerId,
            SwarmId = swarmId,
            TransactionId = dice.NewTransaction(),
            Status = status,
        };
        return (await AskAsync(peer, request, null, cancellationToken)).Outcome;
    }

    private static TransferOutcome Nowhere { get; } = new(TransferResult.Unreachable, "has no usable address");

    private async Task<TransferOutcome> TryChunkAsync(
        PeerAddress address, ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken)
    {
        using var patience = new Patience(time, options.ResponseTimeout, options.TransferTimeout, cancellationToken);
        return await HttpTrouble.GuardAsync(
            patience,
            async () =>
            {
                var transaction = dice.NewTransaction();
                using var request = NewRequest(
                    address,
                    wanted.PeerPath,
                    new GetChunkRequest { PeerId = self.PeerId, SwarmId = wanted.SwarmId, TransactionId = transaction });
                request.Headers.TryAddWithoutValidation("Accept", "application/octet-stream, text/xml;q=0.5");
                request.Headers.TryAddWithoutValidation(DuePriority.Field, DuePriority.Of(wanted.Left));
                request.Headers.Range = PeerHttp.RangeOf(wanted);
                using var response = await http.SendToPeerAsync(request, patience.Token);
                patience.Progress(options.IdleTimeout);
                if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
                {
                    return await ReadErrorAsync(response, transaction, patience);
                }

                return IsXml(response)
                    ? await MixedAnswer.ReadAsync(response, new(transaction, wanted.MaxBytes), sink, options.IdleTimeout, patience)
                    : await ChunkAnswer.ReadAsync(response, wanted, sink, options.IdleTimeout, patience);
            },
            cancellationToken);
    }

    private async Task<XmlAnswer> AskAsync(PeerContact peer, PeerRequest message, string? knownTag, CancellationToken cancellationToken)
    {
        var answer = new XmlAnswer(Nowhere);
        foreach (var address in peer.InOrder())
        {
            using var patience = new Patience(time, options.ResponseTimeout, options.TransferTimeout, cancellationToken);
            var outcome = await HttpTrouble.GuardAsync(
                patience,
                async () =>
                {
                    answer = await TryAskAsync(address, message, knownTag, patience);
                    return answer.Outcome;
                },
                cancellationToken);
            answer = answer with { Outcome = outcome };
            if (outcome.Result is not (TransferResult.Unreachable or TransferResult.Malformed))
            {
                peer.Answered(address);
                break;
            }
        }

        return answer;
    }

    private async Task<XmlAnswer> TryAskAsync(PeerAddress address, PeerRequest message, string? knownTag, Patience patience)
    {
        using var request = NewRequest(address, "/", message);
        request.Headers.TryAddWithoutValidation("Accept", "text/xml, application/xml;q=0.9");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        if (knownTag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", knownTag);
        }

        using var response = await http.SendToPeerAsync(request, patience.Token);
        patience.Progress(options.IdleTimeout);
        if (response.StatusCode == HttpStatusCode.NotModified && knownTag is not null)
        {
            return new XmlAnswer(TransferOutcome.Done, NotModified: true);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new XmlAnswer(await ReadErrorAsync(response, message.TransactionId, patience));
        }

        await using var body = await BodyReading.OpenAsync(response, patience.Token);
        if (await BodyReading.ReadAllAsync(body, XmlBody.MaxBytes, options.IdleTimeout, patience) is not { } bytes)
        {
            return new XmlAnswer(new TransferOutcome(TransferResult.TooLarge, "sent more than any message may have"));
        }

        var envelope = PeerCodec.ReadResponse(bytes);
        return MixedAnswer.Check(envelope, message.TransactionId) is { } trouble
            ? new XmlAnswer(trouble)
            : new XmlAnswer(TransferOutcome.Done, envelope.Value, response.Headers.ETag?.ToString());
    }

    /// <summary>What an answer that is no success means: its envelope first, then its status.</summary>
    private async Task<TransferOutcome> ReadErrorAsync(HttpResponseMessage response, TransactionId transaction, Patience patience)
    {
        var byStatus = HttpTrouble.FromStatus(response, time);
        if (!IsXml(response))
        {
            return byStatus;
        }

        await using var body = await BodyReading.OpenAsync(response, patience.Token);
        var bytes = await BodyReading.ReadAllAsync(body, PeerCodec.MaxEnvelopeBytes, options.IdleTimeout, patience);
        var byEnvelope = bytes is null ? null : MixedAnswer.Check(PeerCodec.ReadResponse(bytes), transaction);
        return byEnvelope is null or { Result: TransferResult.Malformed }
            ? byStatus
            : byEnvelope with { RetryAfter = byStatus.RetryAfter };
    }

    private static HttpRequestMessage NewRequest(PeerAddress address, string path, PeerRequest message)
    {
        var content = new ByteArrayContent(PeerCodec.WriteRequest(message));
        content.Headers.ContentType = Xml;
        return new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{address}{path}")) { Content = content };
    }

    private static bool IsXml(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type
        && (type.Equals("text/xml", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/xml", StringComparison.OrdinalIgnoreCase));

    private sealed record XmlAnswer(
        TransferOutcome Outcome, PeerResponse? Response = null, string? Tag = null, bool NotModified = false);

    /// <summary>Remembers whether any answer has begun, for then no second try may.</summary>
    private sealed class BegunSink(ITransferSink inner) : ITransferSink
    {
        public bool HasBegun { get; private set; }

        public bool Begin(TransferHead head)
        {
            HasBegun = true;
            return inner.Begin(head);
        }

        public Memory<byte> GetMemory() => inner.GetMemory();

        public bool Advance(int count) => inner.Advance(count);
    }
}
