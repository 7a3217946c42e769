using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PeerAgent.Swarm.Transfer;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests;

public sealed class SwarmSetupTests
{
    [Theory]
    [InlineData("PeerAgent:Fetch:Deadline", "00:00:00")]
    [InlineData("PeerAgent:Fetch:ConnectTimeout", "02:00:00")]
    [InlineData("PeerAgent:Fetch:IdleTimeout", "00:10:00")]
    [InlineData("PeerAgent:Fetch:MaxParallelFetches", "0")]
    [InlineData("PeerAgent:Fetch:MaxPeers", "-1")]
    [InlineData("PeerAgent:Fetch:MaxConnectionsPerPeer", "65")]
    [InlineData("PeerAgent:Upload:Slots", "0")]
    [InlineData("PeerAgent:Upload:Slots", "4097")]
    [InlineData("PeerAgent:Upload:MaxBytesPerSecond", "1")]
    [InlineData("PeerAgent:Origin:MaxBytesPerSecond", "1023")]
    [InlineData("PeerAgent:Origin:MaxConnections", "0")]
    [InlineData("PeerAgent:Origin:MaxConnections", "65")]
    [InlineData("PeerAgent:Upload:MaxBytesPerSecondPerPeer", "1023")]
    [InlineData("PeerAgent:Peer:Listen", "7681")]
    [InlineData("PeerAgent:Peer:Listen", "https://0.0.0.0:7681")]
    [InlineData("PeerAgent:Peer:AdvertisedAddresses:0", "example.org")]
    [InlineData("PeerAgent:Peer:AllowedNetworks:0", "10.0.0.0/33")]
    public void A_wrong_setting_stops_the_start_and_is_named(string key, string value)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Validate(key, value));
        Assert.Contains(key, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PeerAgent:Fetch:Deadlin")]
    [InlineData("PeerAgent:Upload:Slot")]
    [InlineData("PeerAgent:Peer:Lsten")]
    [InlineData("PeerAgent:Origin:MaxBytes")]
    public void A_misspelt_key_stops_the_start(string key) =>
        Assert.Throws<InvalidOperationException>(() => Validate(key, "1"));

    [Theory]
    [InlineData("192.0.2.7", 7681)]
    [InlineData("192.0.2.7:80", 80)]
    [InlineData("2001:db8::7", 7681)]
    [InlineData("[2001:db8::7]:80", 80)]
    public void Advertised_addresses_may_leave_the_port_out(string text, int port)
    {
        Validate("PeerAgent:Peer:AdvertisedAddresses:0", text);
        Assert.True(PeerOptions.TryParseAddress(text, 7681, out var address));
        Assert.Equal(port, address.Port);
    }

    [Fact]
    public void Defaults_are_what_the_documentation_says()
    {
        var fetch = new FetchOptions();
        var upload = new UploadOptions();
        var peer = new PeerOptions();

        Assert.Equal(TimeSpan.FromSeconds(10), fetch.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(5), fetch.MapInterval);
        Assert.Equal(200, fetch.MaxPeers);
        Assert.Equal(8, upload.Slots);
        Assert.Null(upload.MaxBytesPerSecond);
        Assert.Null(upload.MaxBytesPerSecondPerPeer);
        Assert.True(upload.Enabled);
        Assert.Equal("http://0.0.0.0:7681", peer.Listen);
        Assert.Empty(peer.AllowedNetworks);
    }

    private static void Validate(string key, string value)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build());
        services.AddLogging();
        services.AddPeerAgentSwarm();
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
