using PeerAgent.CommandLine;

namespace PeerAgent.Tests.CommandLine;

public sealed class SettingsArgumentsTests
{
    [Fact]
    public void Names_with_a_colon_are_settings_and_the_rest_stays_in_order()
    {
        var (settings, rest) = SettingsArguments.Split(
            ["publish", "--PeerAgent:Store:Path", "/x", "film.mp4", "--Logging:LogLevel:Default=Debug", "--name", "a:b", "--tracker", "http://t:1@2"]);

        Assert.Equal(["--PeerAgent:Store:Path", "/x", "--Logging:LogLevel:Default=Debug"], settings);
        Assert.Equal(["publish", "film.mp4", "--name", "a:b", "--tracker", "http://t:1@2"], rest);
    }

    [Fact]
    public void An_option_with_a_URL_behind_an_equals_sign_is_no_setting()
    {
        var (settings, rest) = SettingsArguments.Split(["--tracker=http://t:1", "--origin=http://o/"]);

        Assert.Empty(settings);
        Assert.Equal(2, rest.Length);
    }
}
