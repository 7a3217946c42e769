using PeerAgent.Media.Store;

namespace PeerAgent.Media.Tests.Store;

public sealed class DiskTroubleTests
{
    [Fact]
    public void What_lasts_is_said_once_and_its_end_too()
    {
        var log = new LogLines();
        var trouble = new DiskTrouble("/state", log);

        trouble.Written(null);
        for (var i = 0; i < 3; i++)
        {
            trouble.Written("No space left on device");
        }

        for (var i = 0; i < 2 * DiskTrouble.WellAgain; i++)
        {
            trouble.Written(null);
        }

        trouble.Full(5000, 4000);
        trouble.Full(6000, 4000);

        Assert.Equal([2000, 2001, 2005], log.Said.Select(s => s.Id));
        Assert.Contains("PeerAgent:Store:Path", log.Said[0].Text, StringComparison.Ordinal);
        Assert.Contains("No space left on device", log.Said[0].Text, StringComparison.Ordinal);
        Assert.Contains("PeerAgent:Store:MaxBytes is 4000", log.Said[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_takes_one_now_and_then_is_not_told_of_each_time()
    {
        var log = new LogLines();
        var trouble = new DiskTrouble("/state", log);

        for (var i = 0; i < 20; i++)
        {
            trouble.Written(i % 2 == 0 ? "No space left on device" : null);
        }

        Assert.Equal([2000], log.Said.Select(s => s.Id));
    }

    [Fact]
    public void A_folder_that_lets_nothing_be_deleted_is_told_of_once()
    {
        using var temp = new TempFolder();
        var log = new LogLines();
        var trouble = new DiskTrouble(temp.Path, log);
        Directory.CreateDirectory(temp["full"]);
        File.WriteAllText(Path.Combine(temp["full"], "something"), "");

        Assert.False(trouble.TryDelete(temp["full"]));
        Assert.False(trouble.TryDelete(temp["full"]));
        Assert.True(trouble.TryDelete(temp["gone"]));
        Assert.True(trouble.TryDelete(Path.Combine(temp["no-folder"], "gone")));

        Assert.Equal([2003], log.Said.Select(s => s.Id));
    }
}
