using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using PeerAgent.Media.Tests.Store;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Tests.Streams;

public sealed class HashListTests
{
    private static readonly byte[] First = TestStore.Bytes(1, 4 * 32);
    private static readonly byte[] Second = TestStore.Bytes(2, 3 * 32);
    private static readonly byte[] Init = TestStore.Bytes(3, 32);

    private readonly ChunkLayout _layout = new(Listed(TestStore.Stream()));

    [Fact]
    public void A_list_is_a_chunk_with_name_hash_and_length()
    {
        var list = List(4);

        Assert.True(_layout.Contains(list));
        Assert.Equal("film-video-hashes-L0-00004.sha256", _layout.NameOf(list));
        Assert.Equal("/path/film/film-video-hashes-L0-00004.sha256", _layout.PeerPathOf(list));
        Assert.True(_layout.TryResolve("path/film-video-hashes-L0-00004.sha256", out var found));
        Assert.Equal(list, found);
        Assert.Equal(SHA256.HashData(Second), _layout.HashOf(list)?.ToArray());
        Assert.Equal(Second.Length, _layout.ListLengthOf(list));
        Assert.Equal("application/octet-stream", _layout.ContentTypeOf(list));
        Assert.Null(_layout.DurationOf(list));
        Assert.Null(_layout.Following(list));
        Assert.Null(_layout.MissingHashListOf(list));
        Assert.False(ChunkLayout.IsMedia(list.Level));
        Assert.Equal([0L, 4L], _layout.Levels.Where(l => l.Level == list.Level).Select(l => l.From));
        Assert.Equal(7 + 1 + 2, _layout.ChunkCount);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 5)]
    public void What_has_no_list_is_no_list(int level, int number) =>
        Assert.False(_layout.Contains(new ChunkId(new LevelId("path/film", "video-hashes", level), number)));

    [Fact]
    public void Digests_are_known_once_their_list_is()
    {
        Assert.Null(_layout.HashOf(TestStore.Chunk(5)));
        Assert.Equal(List(4), _layout.MissingHashListOf(TestStore.Chunk(5)));

        var knowing = _layout.WithDigests(List(4), Second)!;
        Assert.Equal(Second[32..64], knowing.HashOf(TestStore.Chunk(5))?.ToArray());
        Assert.Null(knowing.MissingHashListOf(TestStore.Chunk(5)));
        Assert.Equal(List(0), knowing.MissingHashListOf(TestStore.Chunk(3)));
        Assert.Null(_layout.HashOf(TestStore.Chunk(5)));
    }

    [Fact]
    public void The_digest_of_the_initialisation_chunk_needs_no_list()
    {
        var init = new ChunkId(new LevelId("path/film", "video-init", 0), 0);

        Assert.Equal(Init, _layout.HashOf(init)?.ToArray());
        Assert.Null(_layout.MissingHashListOf(init));
    }

    [Fact]
    public void A_list_that_is_not_the_promised_one_is_not_believed()
    {
        Assert.Null(_layout.WithDigests(List(4), First));
        Assert.Null(_layout.WithDigests(List(4), Second.AsMemory(1)));
        Assert.Null(_layout.WithDigests(TestStore.Chunk(0), Second));
    }

    [Fact]
    public void A_list_of_another_length_than_the_segment_is_not_believed()
    {
        var layout = new ChunkLayout(Listed(TestStore.Stream(), secondCount: 2));

        Assert.Null(layout.WithDigests(List(4), Second));
    }

    [Fact]
    public void What_is_known_outlives_a_new_manifest_that_promises_the_same()
    {
        var knowing = _layout.WithDigests(List(0), First)!.WithDigests(List(4), Second)!;
        var segments = knowing.Stream.Clips[0].Components[0].Segments;
        var moved = knowing.Stream with
        {
            Clips = [knowing.Stream.Clips[0] with { Components = [new Component("video", [segments[1]])] }],
        };

        var next = knowing.Of(moved);
        Assert.Equal(Second[..32], next.HashOf(TestStore.Chunk(4))?.ToArray());
        Assert.Equal(List(0), next.Of(_layout.Stream).MissingHashListOf(TestStore.Chunk(0)));
        Assert.Null(next.Of(_layout.Stream).MissingHashListOf(TestStore.Chunk(4)));
    }

    [Fact]
    public void Digests_in_the_manifest_come_before_a_list()
    {
        var stream = Listed(TestStore.Stream());
        var segment = stream.Clips[0].Components[0].Segments[0] with { Hashes = new Dictionary<int, ChunkHashes> { [0] = new(First, null) } };
        var layout = new ChunkLayout(stream with { Clips = [stream.Clips[0] with { Components = [new Component("video", [segment])] }] });

        Assert.Null(layout.MissingHashListOf(TestStore.Chunk(1)));
        Assert.Equal(First[32..64], layout.HashOf(TestStore.Chunk(1))?.ToArray());
    }

    internal static ChunkId List(long from) => new(new LevelId("path/film", "video-hashes", 0), from);

    private static StreamInfo Listed(StreamInfo stream, int secondCount = 3)
    {
        var segment = new Segment
        {
            From = 0,
            Count = 4,
            Extension = "ts",
            Init = "init.mp4",
            HashLists = [new HashList(0, SHA256.HashData(First), "film-video-hashes-L0-00000.sha256", Init)],
        };
        var second = segment with
        {
            From = 4,
            Count = secondCount,
            HashLists = [new HashList(0, SHA256.HashData(Second), "film-video-hashes-L0-00004.sha256")],
        };
        return stream with { Clips = [stream.Clips[0] with { Components = [new Component("video", [segment, second])] }] };
    }
}
