using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ReferenceTracker.Tests;

public sealed class TrackerMetricsTests
{
    [Fact]
    public async Task Every_instrument_measures_what_its_name_says()
    {
        await using var tracker = await RunningTracker.StartAsync();
        var measured = new Dictionary<string, long>();
        using var listener = new MeterListener();
        var factory = tracker.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == TrackerMetrics.MeterName && instrument.Meter.Scope == factory)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        void Add(Instrument instrument, long value)
        {
            lock (measured)
            {
                measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
            }
        }

        listener.SetMeasurementEventCallback<long>((i, v, _, _) => Add(i, v));
        listener.SetMeasurementEventCallback<int>((i, v, _, _) => Add(i, v));
        listener.Start();

        await tracker.EnterAsync("a", "one");
        await tracker.CodeAsync(tracker.Join("a", "two"));
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("one", Holdings.Level("11111111"))));
        tracker.Services.GetRequiredService<TrackerMetrics>().Overloaded();
        listener.RecordObservableInstruments();
        Assert.Equal(
            new SortedDictionary<string, long>
            {
                ["referencetracker.answers"] = 4,
                ["referencetracker.maps"] = 81,
                ["referencetracker.memberships"] = 2,
                ["referencetracker.overloads"] = 1,
                ["referencetracker.peers"] = 1,
                ["referencetracker.peers.expired"] = 0,
                ["referencetracker.swarms"] = 2,
            },
            new SortedDictionary<string, long>(measured));
    }
}
