using System.Globalization;
using PeerAgent.Tracker.Tests.Sessions;
using PeerAgent.Tracker.Tests.States;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Client;

/// <summary>The table of troubles in docs/protocol.md, row by row, over real sockets.</summary>
public class TroublesTests
{
    private static readonly Dictionary<string, Func<Rig, FakeTracker, FakeStep>> Steps = new()
    {
        ["connection reset"] = (_, _) => FakeStep.Reset,
        ["connection closed"] = (_, _) => FakeStep.Close,
        ["no answer in time"] = (_, _) => FakeStep.Silence,
        ["empty answer"] = (_, _) => FakeStep.Raw(200, "application/xml", []),
        ["cut answer"] = (_, _) => FakeStep.Cut,
        ["malformed XML"] = (_, _) => FakeStep.Raw(200, "application/xml", "<PPSPTrackerProtocol><Response>"u8.ToArray()),
        ["another TransactionID"] = (_, _) => FakeStep.WrongTransaction,
        ["`500`"] = (_, _) => FakeStep.Answer(ResponseCode.InternalError),
        ["`503`"] = (_, _) => FakeStep.Answer(ResponseCode.TemporarilyOverloaded),
        ["`503`, Retry-After within the budget"] = (_, _) => FakeStep.Overloaded(TimeSpan.FromSeconds(2)),
        ["`503`, Retry-After as a date"] = (rig, _) => FakeStep.OverloadedUntil(rig.Time.GetUtcNow().AddSeconds(2)),
        ["`503`, Retry-After over the budget"] = (_, _) => FakeStep.Overloaded(TimeSpan.FromSeconds(12)),
        ["`400`"] = (_, _) => FakeStep.Answer(ResponseCode.InvalidSyntax),
        ["`401`"] = (_, _) => FakeStep.Answer(ResponseCode.AuthenticationRequired),
        ["`403`"] = (_, _) => FakeStep.Answer(ResponseCode.MessageForbidden),
        ["`404`"] = (_, _) => FakeStep.Answer(ResponseCode.ObjectNotFound),
        ["redirect to another host"] = (_, other) => FakeStep.Redirect(other.Url),
        ["answer over the limit"] = (_, _) => FakeStep.HugeBody((1 << 20) + 1),
        ["50 MB without a length"] = (_, _) => FakeStep.HugeBody(50_000_000),
        ["50 MB that are small as gzip"] = (_, _) => FakeStep.HugeBody(50_000_000, gzip: true),
        ["one byte a second"] = (rig, _) => FakeStep.Drip(rig.Time),
        ["an answer after 2.9 s"] = (rig, _) => FakeStep.Late(TimeSpan.FromSeconds(2.9), rig.Time, FakeStep.Ok),
    };

    private static readonly string[] OfConnect = ["connection refused", "host name unknown", "TLS fails"];

    public static TheoryData<string> MetByReports => [.. Steps.Keys];

    [Fact]
    public void Every_row_of_the_table_has_a_test_and_every_test_its_row() =>
        Assert.Equal(Rows().Keys.Order(), Steps.Keys.Concat(OfConnect).Order());

    [Theory]
    [MemberData(nameof(MetByReports))]
    public async Task A_trouble_is_met_as_the_table_says(string trouble)
    {
        await using var rig = new Rig(("StatReportInterval", "00:00:01"));
        var (one, two, other) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("a"), one, two);
        one.ClearRequests();
        TrackerRequest? first = null;
        one.When(m => m is ReportRequest && (first ??= m).TransactionId == m.TransactionId ? Steps[trouble](rig, other) : null);

        await rig.PassUntilAsync(
            () => one.Messages<ReportRequest>().Any(m => m.TransactionId != first?.TransactionId) || two.Requests.Count > 0,
            "the trouble is over");
        await rig.RestAsync();

        var seen = one.Messages<ReportRequest>().Count(m => m.TransactionId == first!.TransactionId);
        Assert.Equal(Rows()[trouble], (seen, Next(rig, one, two)));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_refused_connection_is_met_as_the_table_says()
    {
        Uri url;
        await using (var gone = await FakeTracker.StartAsync())
        {
            url = gone.Url;
        }

        await MeetAsync("connection refused", url, "it does not accept connections", () => 0);
    }

    [Fact]
    public Task A_host_name_that_nobody_knows_is_met_as_the_table_says() => MeetAsync(
        "host name unknown", new Uri("http://no-such-host.invalid:7690/"), "its host name is not known", () => 0);

    [Fact]
    public async Task A_failing_tls_is_met_as_the_table_says()
    {
        await using var server = new RawServer();
        var url = new Uri($"https://127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}/");

        await MeetAsync("TLS fails", url, "a secure connection to it could not be made", () => server.Connections);
    }

    private static async Task MeetAsync(string trouble, Uri url, string error, Func<int> seen)
    {
        await using var rig = new Rig();
        var two = await rig.StartTrackerAsync();

        var membership = rig.Sessions.Join([new TrackerEndpoint(url, 1), new TrackerEndpoint(two.Url, 2)], new FakeMember("a"));

        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);
        Assert.Equal(error, membership.Trackers[0].LastError);
        Assert.Equal(Rows()[trouble], (seen(), "lost: the next tracker"));
    }

    private static string Next(Rig rig, FakeTracker one, FakeTracker two) =>
        two.Requests.Count > 0 ? "lost: the next tracker"
        : one.Verbs.Contains("CONNECT") ? "forgotten: CONNECT to the same tracker"
        : rig.Log.Lines.Any(l => l.StartsWith("Warning 3012", StringComparison.Ordinal)) ? "logged; goes on"
        : "accepted; goes on";

    private static Dictionary<string, (int Attempts, string Next)> Rows() => ProtocolDocument.Tables("### Troubles one by one")
        .Single().Skip(1).ToDictionary(r => r[0], r => (int.Parse(r[1], CultureInfo.InvariantCulture), r[2]));
}
