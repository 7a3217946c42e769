using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Tracker.Telemetry;
using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Telemetry;

public class TrackerMetricsTests
{
    [Fact]
    public async Task Every_request_is_measured_with_its_method_and_its_outcome()
    {
        await using var rig = new Rig(("Retries", "0"));
        using var meter = new Listener(rig);
        var tracker = await rig.StartTrackerAsync();
        tracker.When(m => m switch
        {
            ReportRequest => FakeStep.Answer(ResponseCode.InvalidSyntax),
            JoinRequest => FakeStep.After(Task.Delay(TimeSpan.FromSeconds(2), rig.Time), FakeStep.Ok),
            _ => FakeStep.Ok,
        });

        var membership = rig.Join(new FakeMember("a"), tracker);
        await rig.PassUntilDoneAsync(membership.FirstAttempt);
        await membership.DisposeAsync();

        Assert.Equal(
            ["CONNECT ok", "JOIN ok", "FIND_PEER ok", "STAT_REPORT 400", "LEAVE ok", "DISCONNECT ok"],
            meter.Seen("peeragent.tracker.request.duration").Select(m => $"{m.Tags["method"]} {m.Tags["outcome"]}"));
        Assert.Equal("s", meter.Unit("peeragent.tracker.request.duration"));
        Assert.Equal(2, meter.Seen("peeragent.tracker.request.duration")[1].Value, precision: 1);
    }

    [Fact]
    public async Task A_request_without_an_answer_is_measured_as_such()
    {
        await using var rig = new Rig(("Retries", "0"));
        using var meter = new Listener(rig);
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(FakeStep.Close, FakeStep.RandomBytes, FakeStep.Silence);

        rig.Join(new FakeMember("a"), tracker);
        await rig.PassUntilAsync(() => tracker.Requests.Count > 3, "a fourth try");

        Assert.Equal(
            ["broken", "malformed", "timed-out"],
            meter.Seen("peeragent.tracker.request.duration").Take(3).Select(m => m.Tags["outcome"]));
    }

    [Fact]
    public async Task Sessions_are_counted_by_state_and_none_is_left_at_the_end()
    {
        await using var rig = new Rig(("Retries", "0"));
        using var meter = new Listener(rig);
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        two.Always(FakeStep.Close);
        var good = await rig.JoinAndRestAsync(new FakeMember("a"), one);
        var bad = await rig.JoinAndRestAsync(new FakeMember("b"), two);

        Assert.Equal(1, Sum("connected"));
        Assert.Equal(1, Sum("disconnected"));
        await good.DisposeAsync();
        await bad.DisposeAsync();
        await Eventually.HoldsAsync(
            () => States().All(s => Sum(s) == 0), "no session is counted any more");

        Assert.Equal(["closing", "connected", "connecting", "disconnected"], States().Order());
        double Sum(string state) => meter.Seen("peeragent.tracker.sessions").Where(m => m.Tags["state"] == state).Sum(m => m.Value);
        IEnumerable<string> States() => meter.Seen("peeragent.tracker.sessions").Select(m => m.Tags["state"]).Distinct();
    }

    [Fact]
    public async Task A_change_of_tracker_is_counted_with_its_reason()
    {
        await using var rig = new Rig(("Retries", "0"), ("FailbackInterval", "00:00:30"));
        using var meter = new Listener(rig);
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("a"), one, two);
        Assert.Empty(Reasons());
        one.Always(FakeStep.Close);
        await rig.PassUntilAsync(() => two.Messages<ReportRequest>().Count > 0, "the second tracker serves");
        Assert.Equal(["lost"], Reasons());
        one.Always(null);
        one.ClearRequests();

        await rig.PassUntilAsync(() => one.Messages<ReportRequest>().Count > 0, "the first tracker serves again");

        Assert.Equal(["lost", "better"], Reasons());
        IEnumerable<string> Reasons() => meter.Seen("peeragent.tracker.failovers").Select(m => m.Tags["reason"]);
    }

    /// <summary>What the rig's own instruments say.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, string?> _units = [];
        private readonly List<(string Name, double Value, Dictionary<string, string> Tags)> _seen = [];

        public Listener(Rig rig)
        {
            var factory = rig.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == TrackerMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    _units[instrument.Name] = instrument.Unit;
                    l.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i.Name, value, tags));
            _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i.Name, value, tags));
            _listener.Start();
        }

        public IReadOnlyList<(string Name, double Value, Dictionary<string, string> Tags)> Seen(string name)
        {
            lock (_gate)
            {
                return [.. _seen.Where(s => s.Name == name)];
            }
        }

        public string? Unit(string name) => _units[name];

        public void Dispose() => _listener.Dispose();

        private void Take(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var kept = tags.ToArray().ToDictionary(t => t.Key, t => (string)t.Value!);
            lock (_gate)
            {
                _seen.Add((name, value, kept));
            }
        }
    }
}
