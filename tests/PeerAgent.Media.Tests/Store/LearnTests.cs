using System.Security.Cryptography;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Media.Tests.Streams;

namespace PeerAgent.Media.Tests.Store;

public sealed class LearnTests : IDisposable
{
    private static readonly byte[][] Content = [TestStore.Bytes(1), TestStore.Bytes(2), TestStore.Bytes(3)];
    private static readonly byte[] Digests = [.. Content.SelectMany(SHA256.HashData)];

    private readonly TestStore _test = TestStore.Open();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_chunk_is_not_taken_before_its_list_is_known_and_checked_afterwards()
    {
        var chunks = _test.Store.Open(Listed());
        Assert.Equal(PutOutcome.Refused, await chunks.PutAsync(TestStore.Chunk(0), Content[0], default));

        Assert.Equal(PutOutcome.Damaged, await chunks.PutAsync(HashListTests.List(0), Content[0], default));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(HashListTests.List(0), Digests, default));
        Assert.False(chunks.Learn(HashListTests.List(0), Content[0]));
        Assert.True(chunks.Learn(HashListTests.List(0), Digests));
        Assert.True(chunks.Learn(HashListTests.List(0), Digests));

        Assert.Equal(PutOutcome.Damaged, await chunks.PutAsync(TestStore.Chunk(0), Content[1], default));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(TestStore.Chunk(0), Content[0], default));
        Assert.Contains(chunks.GetMaps(), m => m.Level.Type == "video-hashes");
        Assert.Equal(2, chunks.HeldCount);
    }

    [Fact]
    public async Task What_was_held_and_does_not_match_is_dropped()
    {
        var chunks = _test.Store.Open(TestStore.Stream(chunks: 3));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(TestStore.Chunk(0), Content[0], default));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(TestStore.Chunk(1), Content[0], default));
        chunks.Update(Listed());
        Assert.Equal(0, chunks.HeldCount);

        Assert.True(chunks.Learn(HashListTests.List(0), Digests));
        Assert.True(chunks.Contains(TestStore.Chunk(0)));
        Assert.False(chunks.Contains(TestStore.Chunk(1)));
    }

    [Fact]
    public async Task The_list_is_still_there_after_a_restart()
    {
        await _test.Store.Open(Listed()).PutAsync(HashListTests.List(0), Digests, default);
        _test.Reopen();

        var chunks = _test.Store.Open(Listed());
        using var list = await chunks.OpenAsync(HashListTests.List(0), default);
        Assert.Equal(Digests, list!.Memory!.Value.ToArray());
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_handed_out_only_when_the_list_says_so()
    {
        var before = _test.Store.Open(Listed());
        before.Learn(HashListTests.List(0), Digests);
        await before.PutAsync(TestStore.Chunk(0), Content[0], default);
        _test.Reopen();

        var chunks = _test.Store.Open(Listed());
        Assert.False(chunks.Contains(TestStore.Chunk(0)));
        Assert.Null(await chunks.OpenAsync(TestStore.Chunk(0), default));
        await chunks.PutAsync(HashListTests.List(0), Digests, default);
        Assert.True(chunks.Contains(TestStore.Chunk(0)));
        Assert.Equal(2, chunks.GetMaps().Sum(m => m.Segments.Sum(map => map.Count)));
        using var chunk = await chunks.OpenAsync(TestStore.Chunk(0), default);
        Assert.Equal(Content[0], chunk!.Memory!.Value.ToArray());
    }

    [Fact]
    public void A_manifest_again_does_not_forget_the_list()
    {
        var chunks = _test.Store.Open(Listed());
        chunks.Learn(HashListTests.List(0), Digests);
        chunks.Update(Listed());

        Assert.NotNull(chunks.Layout.HashOf(TestStore.Chunk(2)));
    }

    private static StreamInfo Listed()
    {
        var stream = TestStore.Stream(chunks: 3);
        var segment = stream.Clips[0].Components[0].Segments[0] with
        {
            HashLists = [new HashList(0, SHA256.HashData(Digests), "film-video-hashes-L0-00000.sha256")],
        };
        return stream with { Clips = [stream.Clips[0] with { Components = [new Component("video", [segment])] }] };
    }
}
