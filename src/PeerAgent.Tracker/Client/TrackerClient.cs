using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Client;

/// <summary>
/// Asks one tracker, by HTTP POST to its URL as configured (draft-cruz-ppsp-http-tracker-protocol-01, section 4.1).
/// Safe to share; requests of all sessions feed the same circuit breaker.
/// </summary>
internal sealed class TrackerClient
{
    /// <summary>Name of the HTTP client in the factory.</summary>
    public const string HttpClientName = "PeerAgent.Tracker";

    private static readonly MediaTypeHeaderValue MediaType = new("application/xml", "utf-8");

    private readonly IHttpClientFactory _http;
    private readonly TrackerEndpoint _endpoint;
    private readonly TrackerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<TrackerOutcome> _pipeline;
    private readonly ResiliencePipeline<TrackerOutcome> _insisting;
    private string _trouble = "it does not work";

    public TrackerClient(
        IHttpClientFactory http,
        TrackerEndpoint endpoint,
        TrackerOptions options,
        TimeProvider time,
        Chance chance,
        ILogger logger)
    {
        _http = http;
        _endpoint = endpoint;
        _options = options;
        _time = time;
        _logger = logger;
        _pipeline = TrackerPipeline.Create(options.Retries, time, chance);
        _insisting = TrackerPipeline.CreateInsisting(options.Retries, time, chance);
    }

    /// <summary>The usual patience.</summary>
    public Patience Patience => new(_options.RequestTimeout, _options.Retries, _options.RequestBudget);

    /// <summary>
    /// Sends a request and repeats it, letter for letter, as <paramref name="patience"/> allows. Returns an outcome whatever
    /// happens; only a cancelled token throws.
    /// </summary>
    public async Task<TrackerOutcome> SendAsync(TrackerRequest request, Patience patience, CancellationToken ct)
    {
        var message = new Message(request, TrackerCodec.WriteRequest(request));
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(TrackerPipeline.PatienceKey, patience);
        context.Properties.Set(TrackerPipeline.StartedKey, _time.GetTimestamp());
        try
        {
            var pipeline = patience.Insist ? _insisting : _pipeline;
            return await pipeline.ExecuteAsync(
                static (c, s) => s.Client.AttemptAsync(s.Message, c), context, (Client: this, Message: message));
        }
        catch (TimeoutRejectedException)
        {
            return message.LastFailure ?? TimedOut(patience.AttemptTimeout);
        }
        catch (BrokenCircuitException)
        {
            return message.LastFailure ?? new TrackerUnreachable(
                UnreachableKind.LeftAlone,
                Say($"{Volatile.Read(ref _trouble)}, again and again; it is left alone for {TrackerPipeline.BreakDuration.TotalSeconds:0} s"));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<TrackerOutcome> AttemptAsync(Message message, ResilienceContext context)
    {
        var ct = context.CancellationToken;
        TrackerLog.Sending(_logger, message.Request.GetType().Name, _endpoint.Name, message.Request.TransactionId.Value);
        try
        {
            var outcome = await PostAsync(message, ct);
            Note(message, outcome as TrackerFailure);
            var result = message.LastFailure?.Sentence ?? "OK";
            TrackerLog.Answered(_logger, _endpoint.Name, message.Request.TransactionId.Value, result);
            return outcome;
        }
        catch (OperationCanceledException)
        {
            Note(message, TimedOut(context.Properties.GetValue(TrackerPipeline.PatienceKey, Patience).AttemptTimeout));
            throw;
        }
    }

    /// <summary>Keeps what went wrong, for this request and for those that are not sent because of it.</summary>
    private void Note(Message message, TrackerFailure? failure)
    {
        message.LastFailure = failure;
        Volatile.Write(ref _trouble, failure?.Sentence ?? _trouble);
    }

    private async Task<TrackerOutcome> PostAsync(Message message, CancellationToken ct)
    {
        using var http = _http.CreateClient(HttpClientName);
        using var post = new HttpRequestMessage(HttpMethod.Post, _endpoint.Url) { Content = new ByteArrayContent(message.Body) };
        post.Content.Headers.ContentType = MediaType;
        try
        {
            using var response = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead, ct);
            return await AnswerReader.ReadAsync(response, message.Request.TransactionId, _options.MaxResponseBytes, _time, ct);
        }
        catch (HttpRequestException e)
        {
            ct.ThrowIfCancellationRequested();
            return NoAnswer(e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A connection that is reset in the moment in which it was made comes as a bare SocketException.
            ct.ThrowIfCancellationRequested();
            return new TrackerUnreachable(UnreachableKind.Broken, "the connection broke before its answer was complete");
        }
        catch (InvalidDataException)
        {
            return new TrackerMalformed("its answer says it is gzip and is not");
        }
    }

    private static TrackerUnreachable NoAnswer(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(UnreachableKind.NameUnknown, "its host name is not known"),
        HttpRequestError.ConnectionError => new(UnreachableKind.NoConnection, "it does not accept connections"),
        HttpRequestError.SecureConnectionError => new(UnreachableKind.NotSecure, "a secure connection to it could not be made"),
        HttpRequestError.InvalidResponse => new(UnreachableKind.Broken, "what it sends is not HTTP"),
        _ => new(UnreachableKind.Broken, "the connection broke before its answer was complete"),
    };

    private static TrackerUnreachable TimedOut(TimeSpan limit) =>
        new(UnreachableKind.TimedOut, Say($"it did not answer within {limit.TotalSeconds:0.###} s"));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A request on its way: all its attempts send the same bytes.</summary>
    private sealed class Message(TrackerRequest request, byte[] body)
    {
        public TrackerRequest Request => request;

        public byte[] Body => body;

        public TrackerFailure? LastFailure { get; set; }
    }
}
