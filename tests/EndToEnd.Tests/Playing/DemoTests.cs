using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Playing;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_check_plays_every_level_compares_every_byte_and_prints_the_conversation()
    {
        await using var demo = Program.PeerAgent("demo", "--check");

        Assert.True(await demo.ExitAsync() == 0, demo.Output + demo.Errors);
        foreach (var method in (string[])["CONNECT", "JOIN", "FIND_PEER", "STAT_REPORT", "LEAVE", "DISCONNECT"])
        {
            Assert.Contains(method, demo.Output, StringComparison.Ordinal);
        }

        Assert.Contains("Every byte of every level is right.", demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_prints_a_page_and_a_playlist_that_answer()
    {
        await using var demo = Program.PeerAgent("demo");
        var playlist = await demo.SaysAsync(@"Playlist: +(\S+)");
        var page = await demo.SaysAsync(@"Page: +(\S+)");

        Assert.Contains("<video", await Agent.Client.GetStringAsync(page), StringComparison.Ordinal);
        Assert.StartsWith("#EXTM3U", await Agent.Client.GetStringAsync(playlist), StringComparison.Ordinal);
        demo.Terminate();
        Assert.Equal(0, await demo.ExitAsync());
    }
}
