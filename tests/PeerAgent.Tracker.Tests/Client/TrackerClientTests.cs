using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Tests.Sessions;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Client;

public class TrackerClientTests
{
    private static readonly TransactionId Id = TransactionId.Create(new Random(3));

    public static TheoryData<string, FakeStep> PassingTroubles => new()
    {
        { "closes", FakeStep.Close },
        { "resets", FakeStep.Reset },
        { "random bytes", FakeStep.RandomBytes },
        { "answers another request", FakeStep.WrongTransaction },
        { "fails", FakeStep.Answer(ResponseCode.InternalError) },
        { "is overloaded", FakeStep.Answer(ResponseCode.TemporarilyOverloaded) },
        { "a proxy's 502", FakeStep.Raw(502, "text/html", "<html>Bad gateway</html>"u8.ToArray()) },
        { "too much", FakeStep.HugeBody((1 << 20) + 1) },
        { "too much after gunzip", FakeStep.HugeBody(8 << 20, gzip: true) },
        { "an empty body", FakeStep.Raw(200, "application/xml", []) },
    };

    public static TheoryData<ResponseCode> FinalRefusals =>
    [
        ResponseCode.InvalidSyntax, ResponseCode.VersionNotSupported, ResponseCode.AuthenticationRequired,
        ResponseCode.MessageForbidden, ResponseCode.ObjectNotFound,
    ];

    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/announce/here?key=1&b=%20x", "/announce/here?key=1&b=%20x")]
    public async Task A_request_is_posted_to_the_url_as_configured(string configured, string expected)
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Ok);

        var outcome = await SendAsync(rig, tracker, configured);

        Assert.IsType<TrackerAnswer>(outcome);
        var request = tracker.Requests.Single();
        Assert.Equal(("POST", expected), (request.HttpMethod, request.Path));
        Assert.Equal("application/xml; charset=utf-8", request.ContentType);
        Assert.Equal("gzip", request.AcceptEncoding);
    }

    [Theory]
    [MemberData(nameof(PassingTroubles))]
    public async Task A_passing_trouble_is_tried_again_with_the_same_bytes(string trouble, FakeStep step)
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(step, step, step, FakeStep.Ok);

        var outcome = await rig.PassUntilDoneAsync(SendAsync(rig, tracker));

        Assert.True(outcome is TrackerAnswer, trouble + ": " + outcome);
        Assert.Equal(4, tracker.Requests.Count);
        Assert.All(tracker.Requests, r => Assert.Equal(Id, r.Message!.TransactionId));
        Assert.All(tracker.Requests, r => Assert.Equal(tracker.Requests[0].Body, r.Body));
    }

    [Theory]
    [MemberData(nameof(PassingTroubles))]
    public async Task A_lasting_trouble_is_given_up_after_the_retries(string trouble, FakeStep step)
    {
        await using var rig = new Rig(("Retries", "2"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(step);

        var outcome = await rig.PassUntilDoneAsync(SendAsync(rig, tracker));

        Assert.True(outcome is TrackerFailure { Sentence.Length: > 10 }, trouble);
        Assert.Equal(3, tracker.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(FinalRefusals))]
    public async Task A_refusal_that_will_not_change_is_not_tried_again(ResponseCode code)
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Answer(code));

        Assert.Equal(code, Assert.IsType<TrackerRefusal>(await rig.PassUntilDoneAsync(SendAsync(rig, tracker))).Code);
        Assert.Single(tracker.Requests);
    }

    [Fact]
    public async Task The_code_in_the_body_beats_the_status()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(FakeStep.Mismatch(ResponseCode.Ok, 500), FakeStep.Mismatch(ResponseCode.ObjectNotFound, 200));

        Assert.IsType<TrackerAnswer>(await SendAsync(rig, tracker));
        Assert.Equal(ResponseCode.ObjectNotFound, Assert.IsType<TrackerRefusal>(await SendAsync(rig, tracker)).Code);
    }

    [Theory]
    [InlineData(400, ResponseCode.InvalidSyntax)]
    [InlineData(401, ResponseCode.AuthenticationRequired)]
    [InlineData(403, ResponseCode.MessageForbidden)]
    [InlineData(404, ResponseCode.ObjectNotFound)]
    [InlineData(405, ResponseCode.InvalidSyntax)]
    public async Task Without_a_readable_body_the_status_counts(int status, ResponseCode code)
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Raw(status, "text/html", Encoding.UTF8.GetBytes("<p>No.")));

        Assert.Equal(code, Assert.IsType<TrackerRefusal>(await SendAsync(rig, tracker)).Code);
        Assert.Single(tracker.Requests);
    }

    [Fact]
    public async Task A_silent_tracker_costs_one_time_out_an_attempt_and_no_more_than_the_budget()
    {
        await using var rig = new Rig(("RequestTimeout", "00:00:03"), ("Retries", "3"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Silence);
        var start = rig.Time.GetTimestamp();

        var outcome = await rig.PassUntilDoneAsync(SendAsync(rig, tracker));

        Assert.Equal(UnreachableKind.TimedOut, Assert.IsType<TrackerUnreachable>(outcome).Kind);
        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(15));
        Assert.InRange(tracker.Requests.Count, 3, 4);
    }

    [Fact]
    public async Task A_body_that_does_not_end_costs_one_time_out()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(FakeStep.SlowBody, FakeStep.Ok);

        Assert.IsType<TrackerAnswer>(await rig.PassUntilDoneAsync(SendAsync(rig, tracker)));
        Assert.Equal(2, tracker.Requests.Count);
    }

    [Fact]
    public async Task Retry_after_is_honoured_within_the_budget()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(FakeStep.Overloaded(TimeSpan.FromSeconds(5)), FakeStep.Ok);
        var start = rig.Time.GetTimestamp();

        Assert.IsType<TrackerAnswer>(await rig.PassUntilDoneAsync(SendAsync(rig, tracker)));
        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task Retry_after_beyond_the_budget_ends_the_request_at_once()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Overloaded(TimeSpan.FromSeconds(100)));

        var start = rig.Time.GetTimestamp();

        var refusal = Assert.IsType<TrackerRefusal>(await rig.PassUntilDoneAsync(SendAsync(rig, tracker)));

        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal((ResponseCode.TemporarilyOverloaded, TimeSpan.FromSeconds(100)), (refusal.Code, refusal.RetryAfter));
        Assert.Single(tracker.Requests);
    }

    [Fact]
    public async Task An_absurd_retry_after_is_cut()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Overloaded(TimeSpan.FromDays(300)));

        Assert.Equal(AnswerReader.LongestRetryAfter, Assert.IsType<TrackerRefusal>(await SendAsync(rig, tracker)).RetryAfter);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var rig = new Rig(("Retries", "0"));
        var (tracker, other) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        tracker.Always(FakeStep.Redirect(other.Url));

        Assert.IsType<TrackerMalformed>(await SendAsync(rig, tracker));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_gzip_answer_is_read()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Gzipped(Rig.Info("other")));

        var answer = Assert.IsType<TrackerAnswer>(await SendAsync(rig, tracker));

        Assert.Equal(["other"], answer.Response.Peers!.Select(p => p.PeerId.Value));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_from_silence()
    {
        await using var rig = new Rig(("Retries", "0"));
        Uri url;
        await using (var gone = await FakeTracker.StartAsync())
        {
            url = gone.Url;
        }

        var outcome = await SendAsync(rig, url);

        Assert.Equal(UnreachableKind.NoConnection, Assert.IsType<TrackerUnreachable>(outcome).Kind);
    }

    [Fact]
    public async Task A_tracker_that_keeps_failing_is_left_alone_for_a_while()
    {
        await using var rig = new Rig(("Retries", "3"));
        var tracker = await rig.StartTrackerAsync();
        var client = Client(rig, tracker.Url);
        tracker.Always(FakeStep.Close);
        await rig.PassUntilDoneAsync(SendAsync(client));
        await rig.PassUntilDoneAsync(SendAsync(client));
        var seen = tracker.Requests.Count;
        tracker.Always(FakeStep.Ok);

        var outcome = await SendAsync(client);

        Assert.Equal(UnreachableKind.LeftAlone, Assert.IsType<TrackerUnreachable>(outcome).Kind);
        Assert.Equal(seen, tracker.Requests.Count);
        Assert.IsType<TrackerAnswer>(await client.SendAsync(Request, client.Patience with { Insist = true }, CancellationToken.None));
        rig.Time.Advance(TrackerPipeline.BreakDuration);
        Assert.IsType<TrackerAnswer>(await SendAsync(client));
    }

    [Fact]
    public async Task A_cancelled_request_throws_and_is_not_repeated()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Silence);
        using var cts = new CancellationTokenSource();
        var client = Client(rig, tracker.Url);
        var sending = client.SendAsync(Request, client.Patience, cts.Token);
        await rig.PassUntilAsync(() => tracker.Held == 1, "the request arrives");

        await cts.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(tracker.Requests);
    }

    [Fact]
    public async Task Neither_credentials_nor_what_is_secret_in_a_url_are_logged()
    {
        await using var rig = new Rig(("Retries", "1"));
        var tracker = await rig.StartTrackerAsync();
        var url = new UriBuilder(tracker.Url) { UserName = "ursula", Password = "pass-word", Query = "key=hidden" }.Uri;
        tracker.Always(FakeStep.Close);

        await rig.PassUntilDoneAsync(SendAsync(rig, url));

        Assert.NotEmpty(rig.Log.Lines);
        string[] secrets = [.. Rig.Secrets, "ursula", "pass-word", "hidden"];
        Assert.All(secrets, s => Assert.DoesNotContain(rig.Log.Lines, l => l.Contains(s, StringComparison.Ordinal)));
    }

    private static ListRequest Request => new()
    {
        PeerId = Rig.Me, TransactionId = Id, SwarmId = Rig.Swarm("a"), Credentials = Rig.Credentials,
    };

    private static Task<TrackerOutcome> SendAsync(Rig rig, FakeTracker tracker, string path = "") =>
        SendAsync(rig, new Uri(tracker.Url.GetLeftPart(UriPartial.Authority) + path));

    private static Task<TrackerOutcome> SendAsync(Rig rig, Uri url) => SendAsync(Client(rig, url));

    private static Task<TrackerOutcome> SendAsync(TrackerClient client) =>
        client.SendAsync(Request, client.Patience, CancellationToken.None);

    private static TrackerClient Client(Rig rig, Uri url) => new(
        rig.Services.GetRequiredService<IHttpClientFactory>(),
        new TrackerEndpoint(url, 1),
        rig.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<TrackerOptions>>().Value,
        rig.Time,
        new Chance(new Random(5)),
        rig.Log);
}
