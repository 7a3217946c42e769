using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Media.Tests.Store;

public sealed class ManifestShelfTests : IDisposable
{
    private const long MaxBytes = 4 << 20;

    private readonly TempFolder _temp = new();
    private readonly StateFolder _folder;
    private readonly ChunkStore _store;
    private readonly ManifestShelf _shelf;

    public ManifestShelfTests()
    {
        var options = Options.Create(new StoreOptions { Path = _temp["state"], MaxBytes = MaxBytes });
        _folder = new StateFolder(options);
        _store = new ChunkStore(_folder, options, NullLogger<ChunkStore>.Instance);
        _shelf = new ManifestShelf(_folder, _store, NullLogger<ManifestShelf>.Instance);
    }

    [Fact]
    public async Task A_manifest_stays_until_another_takes_its_place_or_it_is_removed()
    {
        await _shelf.KeepAsync(Swarm("../a"), Bytes("one"), default);
        await _shelf.KeepAsync(Swarm("b"), Bytes("two"), default);
        await _shelf.KeepAsync(Swarm("../a"), Bytes("three"), default);
        Assert.Equal(["three", "two"], (await ListAsync()).Order());

        _shelf.Remove(Swarm("b"));
        _shelf.Remove(Swarm("never there"));

        Assert.Equal(["three"], await ListAsync());
        Assert.Equal(["streams"], Directory.GetFiles(_temp["state"], "*.xml", SearchOption.AllDirectories).Select(f => Path.GetFileName(Path.GetDirectoryName(f))));
    }

    [Fact]
    public async Task The_latest_comes_first_and_leftovers_go()
    {
        await _shelf.KeepAsync(Swarm("old"), Bytes("old"), default);
        File.SetLastWriteTimeUtc(Files()[0], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await _shelf.KeepAsync(Swarm("new"), Bytes("new"), default);
        File.WriteAllText(Path.Combine(_temp["state"], "streams", "x.xml.0f.tmp"), "half");

        Assert.Equal(["new", "old"], await ListAsync());
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public async Task What_is_too_long_for_a_manifest_is_neither_kept_nor_listed()
    {
        await _shelf.KeepAsync(Swarm("long"), new byte[XmlBody.MaxBytes + 1], default);
        File.WriteAllBytes(Path.Combine(_temp["state"], "streams", "0.xml"), new byte[XmlBody.MaxBytes + 1]);

        Assert.Empty(await ListAsync());
        Assert.Single(Files());
    }

    [Fact]
    public async Task A_full_shelf_gives_up_the_oldest()
    {
        var shelf = new ManifestShelf(_folder, _store, NullLogger<ManifestShelf>.Instance) { Limit = 2 };
        await shelf.KeepAsync(Swarm("a"), Bytes("a"), default);
        var oldest = Files()[0];
        File.SetLastWriteTimeUtc(oldest, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await shelf.KeepAsync(Swarm("b"), Bytes("b"), default);
        await shelf.KeepAsync(Swarm("b"), Bytes("b again"), default);
        Assert.True(File.Exists(oldest));

        await shelf.KeepAsync(Swarm("c"), Bytes("c"), default);

        Assert.Equal(["b again", "c"], (await ListAsync()).Order());
    }

    [Fact]
    public async Task Manifests_take_half_of_the_store_at_most_and_the_oldest_goes()
    {
        const int Length = (int)MaxBytes / 7;
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            await _shelf.KeepAsync(Swarm(name), new byte[Length], default);
            var latest = Files().MaxBy(File.GetLastWriteTimeUtc)!;
            File.SetLastWriteTimeUtc(latest, new DateTime(2020, 1, 1 + name[0] - 'a', 0, 0, 0, DateTimeKind.Utc));
        }

        Assert.Equal([2, 3, 4], Files().Select(f => File.GetLastWriteTimeUtc(f).Day).Order());
        Assert.True(_store.Files.Excess(MaxBytes / 2 - (3 * Length)) == 0, "three manifests are counted");
    }

    [Fact]
    public async Task A_disk_that_refuses_is_no_failure()
    {
        Directory.Delete(Path.Combine(_temp["state"], "streams"));
        File.WriteAllText(Path.Combine(_temp["state"], "streams"), "in the way");

        await _shelf.KeepAsync(Swarm("a"), Bytes("one"), default);
        _shelf.Remove(Swarm("a"));

        Assert.Empty(await ListAsync());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _temp.Dispose();
    }

    private static SwarmId Swarm(string text)
    {
        Assert.True(SwarmId.TryParse(text, out var swarm));
        return swarm;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private string[] Files() => Directory.GetFiles(Path.Combine(_temp["state"], "streams"));

    private async Task<List<string>> ListAsync() => [.. (await _shelf.ListAsync(default)).Select(Encoding.UTF8.GetString)];
}
