using System.Text.Json;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Settings;

/// <summary><c>peer-agent upload</c> and what <c>status</c> tells of uploads.</summary>
public sealed class UploadCommandTests
{
    [Fact]
    public async Task Limits_are_changed_and_shown_while_the_agent_runs()
    {
        using var folder = new TempFolder();
        await using var agent = await Agent.RunAsync(folder["agent"]);

        var (changed, text) = await AskAsync(agent, "upload", "--rate", "1048576", "--slots", "3", "--off");
        var (shown, status) = await AskAsync(agent, "status");
        var (_, json) = await AskAsync(agent, "status", "--json");
        await AskAsync(agent, "upload", "--rate", "none", "--on");
        var after = await agent.GetJsonAsync("/control/upload");

        Assert.Equal(0, changed);
        Assert.Equal(0, shown);
        Assert.Contains("upload off: 3 slots, rate 1.0 MiB/s, to one peer unlimited", text, StringComparison.Ordinal);
        Assert.Contains("upload off: 3 slots, rate 1.0 MiB/s, to one peer unlimited", status, StringComparison.Ordinal);
        var told = JsonDocument.Parse(json).RootElement;
        Assert.Empty(told.GetProperty("streams").EnumerateArray());
        Assert.Equal(3, told.GetProperty("upload").GetProperty("slots").GetInt32());
        Assert.True(after.GetProperty("enabled").GetBoolean());
        Assert.Equal(JsonValueKind.Null, after.GetProperty("maxBytesPerSecond").ValueKind);
    }

    [Theory]
    [InlineData(2, "--on", "--off")]
    [InlineData(2, "--rate", "fast")]
    [InlineData(2, "--slots", "many")]
    [InlineData(1, "--slots", "0")]
    [InlineData(1, "--rate", "1")]
    public async Task A_wrong_change_ends_with_one_line(int code, params string[] args)
    {
        using var folder = new TempFolder();
        await using var agent = await Agent.RunAsync(folder["agent"]);
        await using var command = Program.PeerAgent(["upload", "--url", agent.Proxy.ToString(), .. args]);

        Assert.Equal(code, await command.ExitAsync());
        Assert.Single(command.Errors.Split('\n'));
    }

    private static async Task<(int Code, string Output)> AskAsync(Agent agent, params string[] args)
    {
        await using var command = Program.PeerAgent([.. args, "--url", agent.Proxy.ToString()]);
        return (await command.ExitAsync(), command.Output);
    }
}
