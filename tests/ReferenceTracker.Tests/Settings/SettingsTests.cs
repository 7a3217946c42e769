using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ReferenceTracker.Hosting;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Tests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public void Defaults_are_those_that_the_documentation_names()
    {
        var options = Read();
        Assert.Equal("http://0.0.0.0:7690", options.Listen);
        Assert.Equal(AuthenticationMode.Open, options.Authentication.Mode);
        Assert.Equal(RegistryKind.Memory, options.Registry);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Peers.Timeout);
        Assert.Equal(30, options.Peers.ListSize);
        Assert.True(options.Swarms.AutoCreate);
        Assert.Equal(TimeSpan.FromMinutes(10), options.Swarms.EmptyRetention);
        Assert.Equal(256, options.Limits.ConcurrentRequests);
        Assert.Equal(1024, options.Limits.QueuedRequests);
    }

    [Theory]
    [InlineData("Peers:ListSize", "0", "ReferenceTracker:Peers:ListSize is 0; it must be from 1 to 1000.")]
    [InlineData("Peers:Timeout", "90", "ReferenceTracker:Peers:Timeout is 90.00:00:00; it must be from 00:00:01 to 1.00:00:00.")]
    [InlineData("Peers:Timeout", "soon", "ReferenceTracker:Peers:Timeout is 'soon'; expected is a time such as 00:01:30.")]
    [InlineData("peers:listsize", "many", "ReferenceTracker:Peers:ListSize is 'many'; expected is a whole number.")]
    [InlineData("Swarms:AutoCreate", "maybe", "ReferenceTracker:Swarms:AutoCreate is 'maybe'; expected is true or false.")]
    [InlineData("Swarms:EmptyRetention", "-00:00:01", "ReferenceTracker:Swarms:EmptyRetention is -00:00:01; it must be from 00:00:00 to 30.00:00:00.")]
    [InlineData("Registry", "Postgres", "ReferenceTracker:Registry can only be Memory in this build; Postgres is not built in.")]
    [InlineData("Registry", "1", "ReferenceTracker:Registry is '1'; expected is Memory or Postgres.")]
    [InlineData("Authentication:Mode", "Token", "ReferenceTracker:Authentication:Mode can only be Open in this build; Token is not built in.")]
    [InlineData("Limits:ConcurrentRequests", "0", "ReferenceTracker:Limits:ConcurrentRequests is 0; it must be from 1 to 65536.")]
    [InlineData("Limits:ChunkMapBytes", "1", "ReferenceTracker:Limits:ChunkMapBytes is 1; it must be from 1048576 to 1099511627776.")]
    [InlineData("Limit", "1", "ReferenceTracker:Limit is not a setting; known in ReferenceTracker: Listen, Registry, Authentication, Peers, Swarms, Limits.")]
    [InlineData("Authentication:Tokens", "1", "ReferenceTracker:Authentication:Tokens is not a setting; known in ReferenceTracker:Authentication: Mode.")]
    [InlineData("Peers", "5", "ReferenceTracker:Peers is a section, not a value; set one of its keys: Timeout, ListSize.")]
    [InlineData("Listen:Url", "x", "ReferenceTracker:Listen:Url is not a setting; ReferenceTracker:Listen is a single value.")]
    public void A_wrong_or_unknown_setting_is_refused_by_its_full_name(string key, string value, string failure)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read((key, value)));
        Assert.Contains(failure, e.Failures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:80")]
    [InlineData("https://127.0.0.1:80")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.1:80")]
    [InlineData("http://tracker.example:80")]
    [InlineData("http://127.0.0.1:80/path")]
    public void A_listen_address_that_cannot_be_bound_is_refused_with_an_example(string listen)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read(("Listen", listen)));
        Assert.Equal($"ReferenceTracker:Listen is '{listen}'; expected is http://ADDRESS:PORT, for example http://0.0.0.0:7690.", Assert.Single(e.Failures));
    }

    [Theory]
    [InlineData("http://localhost:1", "127.0.0.1:1")]
    [InlineData("http://*:2/", "0.0.0.0:2")]
    [InlineData("HTTP://[::1]:3", "[::1]:3")]
    public void A_listen_address_has_several_spellings(string listen, string endPoint)
    {
        Assert.True(ListenAddress.TryParse(listen, out var address));
        Assert.Equal(endPoint, address.EndPoint.ToString());
    }

    [Fact]
    public void The_host_refuses_what_the_reader_refuses() =>
        Assert.Throws<OptionsValidationException>(() => TrackerHost.Create(["--ReferenceTracker:Nonsense=1"], null));

    private static TrackerOptions Read(params (string Key, string Value)[] settings) =>
        SettingsReader.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"ReferenceTracker:{s.Key}", (string?)s.Value)))
            .Build());
}
