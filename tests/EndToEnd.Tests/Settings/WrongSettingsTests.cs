using System.Net;
using System.Net.Sockets;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Settings;

/// <summary>Whatever is wrong with the settings: one line that names it, never a stack trace.</summary>
public sealed class WrongSettingsTests
{
    public static TheoryData<string, string> Wrong() => new()
    {
        { "--PeerAgent:Proxy:Lisen=http://127.0.0.1:0", "PeerAgent:Proxy:Lisen" },
        { "--PeerAgent:Prxy:Listen=http://127.0.0.1:0", "PeerAgent:Prxy" },
        { "--PeerAgent:Proxy:Listen=127.0.0.1", "PeerAgent:Proxy:Listen" },
        { "--PeerAgent:Store:MaxBytes=many", "PeerAgent:Store:MaxBytes" },
        { "--PeerAgent:Store:MaxBytes=-1", "PeerAgent:Store:MaxBytes" },
        { "--PeerAgent:Store:Path=/proc/nowhere", "PeerAgent:Store:Path" },
        { "--PeerAgent:Tracker:RequestTimeout=-00:00:01", "PeerAgent:Tracker:RequestTimeout" },
        { "--PeerAgent:Players:IdleTimeout=soon", "PeerAgent:Players:IdleTimeout" },
        { "--PeerAgent:Peer:AdvertisedAddresses:0=here", "PeerAgent:Peer:AdvertisedAddresses" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it(string setting, string name)
    {
        using var folder = new TempFolder();
        string[] path = setting.Contains("Store:Path", StringComparison.Ordinal) ? [] : ["--PeerAgent:Store:Path=" + folder.Path];
        await using var agent = Program.PeerAgent(["run", .. path, "--PeerAgent:Peer:Listen=http://127.0.0.1:0", setting]);

        Assert.Equal(1, await agent.ExitAsync());
        Assert.Single(agent.Errors.Split('\n'));
        Assert.Contains(name, agent.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start_with_one_line_that_names_the_setting()
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var agent = Program.PeerAgent(
            "run", "--PeerAgent:Store:Path=" + folder.Path, "--PeerAgent:Peer:Listen=http://127.0.0.1:0",
            $"--PeerAgent:Proxy:Listen=http://{taken.LocalEndpoint}");

        Assert.Equal(1, await agent.ExitAsync());
        Assert.Single(agent.Errors.Split('\n'));
        Assert.Contains("PeerAgent:Proxy:Listen", agent.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_folder_in_use_stops_the_start_with_one_line_that_names_the_setting()
    {
        using var folder = new TempFolder();
        await using var first = await Agent.RunAsync(folder["state"]);
        await using var second = Program.PeerAgent(
            "run", "--PeerAgent:Store:Path=" + folder["state"],
            "--PeerAgent:Peer:Listen=http://127.0.0.1:0", "--PeerAgent:Proxy:Listen=http://127.0.0.1:0");

        Assert.Equal(1, await second.ExitAsync());
        Assert.Single(second.Errors.Split('\n'));
        Assert.Contains("PeerAgent:Store:Path", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_written_ends_publish_with_1_and_one_line()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["chunks"]);
        await File.WriteAllBytesAsync(Path.Combine(folder["chunks"], "film-00000.ts"), new byte[1000]);
        await using var publish = Program.PeerAgent(
            "publish", folder["chunks"], "--name", "film", "--tracker", "http://127.0.0.1:1", "--out", folder["missing/film.xml"],
            "--PeerAgent:Store:Path=" + folder["state"]);

        Assert.Equal(1, await publish.ExitAsync());
        Assert.Single(publish.Errors.Split('\n'));
        Assert.Contains("--out", publish.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("run --fast")]
    [InlineData("publish")]
    [InlineData("demo --chekc")]
    public async Task Wrong_usage_ends_with_2_and_one_line(string args)
    {
        await using var agent = Program.PeerAgent(args.Split(' '));

        Assert.Equal(2, await agent.ExitAsync());
        Assert.Single(agent.Errors.Split('\n'));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("demo --help")]
    [InlineData("publish --help")]
    [InlineData("status --help")]
    [InlineData("upload --help")]
    public async Task Every_command_explains_itself(string args)
    {
        await using var agent = Program.PeerAgent(args.Split(' '));

        Assert.Equal(0, await agent.ExitAsync());
        Assert.Contains("Usage:", agent.Output, StringComparison.Ordinal);
    }
}
