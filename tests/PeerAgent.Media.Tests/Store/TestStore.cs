using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Tests.Store;

/// <summary>A store in a folder of its own, which can be closed and opened again as after a restart.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly TempFolder _temp = new();
    private StateFolder? _folder;

    public StoreOptions Options { get; } = new();

    public LogLines Log { get; } = new();

    public string Root => _temp["state"];

    public ChunkStore Store { get; private set; } = null!;

    public static TestStore Open(Action<StoreOptions>? customise = null)
    {
        var test = new TestStore();
        test.Options.Path = test.Root;
        customise?.Invoke(test.Options);
        test.Reopen();
        return test;
    }

    /// <summary>As after a restart: nothing but the files is left.</summary>
    public void Reopen()
    {
        _folder?.Dispose();
        _folder = new StateFolder(Microsoft.Extensions.Options.Options.Create(Options));
        Store = new ChunkStore(_folder, Microsoft.Extensions.Options.Options.Create(Options), Log);
    }

    public IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(Root, "*.chunk", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Bytes of all files in the folder of chunks, whatever they are.</summary>
    public long ApparentSize() =>
        new DirectoryInfo(Path.Combine(Root, "chunks")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    public void Dispose()
    {
        _folder?.Dispose();
        _temp.Dispose();
    }

    public static StreamInfo Stream(string swarm = "swarm", int chunks = 16, string clip = "path/film", params byte[][] content)
    {
        Assert.True(SwarmId.TryParse(swarm, out var id));
        var digests = content.SelectMany(System.Security.Cryptography.SHA256.HashData).ToArray();
        var segment = new Segment
        {
            From = 0,
            Count = chunks,
            Extension = "ts",
            Hashes = content.Length == 0 ? [] : new Dictionary<int, ChunkHashes> { [0] = new(digests, null) },
        };
        return new StreamInfo
        {
            SwarmId = id,
            Trackers = [new TrackerReference(new Uri("http://127.0.0.1:1/"), 1)],
            Clips = [new Clip { Name = clip, Components = [new Component("video", [segment])] }],
        };
    }

    public static ChunkId Chunk(int index, string clip = "path/film") => new(new LevelId(clip, "video", 0), index);

    public static byte[] Bytes(int seed, int length = 1000)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>What is held as a chunk; it must be held.</summary>
    public static async Task<byte[]> ReadAsync(StreamChunks chunks, int index)
    {
        using var lease = await chunks.OpenAsync(Chunk(index), default);
        Assert.NotNull(lease);
        return Read(lease);
    }

    public static byte[] Read(StoredChunk lease)
    {
        using var stream = lease.OpenRead();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.Equal(lease.Length, copy.Length);
        return copy.ToArray();
    }
}
