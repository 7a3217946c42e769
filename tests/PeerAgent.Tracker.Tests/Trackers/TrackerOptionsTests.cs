using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PeerAgent.Tracker.Tests.Sessions;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Tests.Trackers;

public class TrackerOptionsTests
{
    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var options = new TrackerOptions();

        Assert.Equal(TimeSpan.FromSeconds(3), options.RequestTimeout);
        Assert.Equal(3, options.Retries);
        Assert.Equal(TimeSpan.FromSeconds(30), options.KeepAliveInterval);
        Assert.Equal(TimeSpan.FromSeconds(10), options.StatReportInterval);
        Assert.Equal(TimeSpan.FromSeconds(60), options.FailbackInterval);
        Assert.Equal(1 << 20, options.MaxResponseBytes);
        Assert.True(new TrackerOptionsValidator().Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("RequestTimeout", "00:00:00", "PeerAgent:Tracker:RequestTimeout is 00:00:00; it must lie between 00:00:00.0500000 and 00:02:00.")]
    [InlineData("RequestTimeout", "00:03:00", "PeerAgent:Tracker:RequestTimeout is 00:03:00; it must lie between 00:00:00.0500000 and 00:02:00.")]
    [InlineData("Retries", "-1", "PeerAgent:Tracker:Retries is -1; it must lie between 0 and 10.")]
    [InlineData("Retries", "11", "PeerAgent:Tracker:Retries is 11; it must lie between 0 and 10.")]
    [InlineData("KeepAliveInterval", "00:00:00", "PeerAgent:Tracker:KeepAliveInterval is 00:00:00; it must lie between 00:00:00.1000000 and 01:00:00.")]
    [InlineData("StatReportInterval", "02:00:00", "PeerAgent:Tracker:StatReportInterval is 02:00:00; it must lie between 00:00:00.1000000 and 01:00:00.")]
    [InlineData("FailbackInterval", "-00:00:01", "PeerAgent:Tracker:FailbackInterval is -00:00:01; it must lie between 00:00:00.1000000 and 1.00:00:00.")]
    [InlineData("MaxResponseBytes", "2000000", "PeerAgent:Tracker:MaxResponseBytes is 2000000; it must lie between 1024 and 1048576.")]
    public void A_value_that_cannot_work_is_refused_by_its_full_key(string key, string value, string message)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new Rig((key, value)));

        Assert.Equal([message], error.Failures);
    }

    [Fact]
    public void A_misspelt_key_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Rig(("Retry", "3")));

        Assert.Contains("Retry", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configured_values_are_taken()
    {
        await using var rig = new Rig(("RequestTimeout", "00:00:09"), ("Retries", "7"));

        var options = rig.Services.GetRequiredService<IOptions<TrackerOptions>>().Value;

        Assert.Equal((TimeSpan.FromSeconds(9), 7), (options.RequestTimeout, options.Retries));
    }
}
