using System.Text;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

public sealed class ArrivalTests
{
    [Fact]
    public async Task Without_hashes_bytes_flow_to_everyone_before_the_chunk_is_whole()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Stall(1000));

        var first = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        var second = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        await using var stream = first.Chunk.OpenRead();
        var start = new byte[1000];
        await stream.ReadExactlyAsync(start);
        Assert.Equal(content.Chunks[0][..1000], start);
        Assert.Equal(Content.Size, first.Chunk.Length);
        peer.Script.OpenGate();

        Assert.Equal(content.Chunks[0], await first.BytesAsync());
        Assert.Equal(content.Chunks[0], await second.BytesAsync());
        await Eventually.HoldsAsync(() => agent.Chunks.Contains(Content.Id(0)), "the chunk in the store");
        Assert.IsType<ChunkOutcome.Held>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Equal(1, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task With_hashes_nothing_is_passed_on_before_it_is_verified()
    {
        var content = Content.Make(hashes: true);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Stall(1000));

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes == 1000, "the first bytes");
        Assert.False(wait.IsCompleted);
        peer.Script.OpenGate();

        Assert.IsType<ChunkOutcome.Held>(await wait);
    }

    [Fact]
    public async Task Another_source_goes_on_where_the_first_broke_off()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content);
        var first = await agent.MeetAsync(content, "a");
        first.Script.Otherwise = new ChunkStep.Vanish(12_345, AtGate: true);
        var arriving = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes == 12_345, "the first part");
        first.Script.OpenGate();
        var second = await agent.MeetAsync(content, "b");

        Assert.Equal(content.Chunks[0], await arriving.BytesAsync());
        Assert.Equal("bytes=12345-", second.Received.Single(r => r.Message is GetChunkRequest).Headers["Range"]);
        Assert.Equal(0, agent.Stream.Traffic.WastedBytes);
        await Eventually.HoldsAsync(() => agent.Chunks.Contains(Content.Id(0)), "the chunk in the store");
    }

    [Fact]
    public async Task A_source_that_knows_no_ranges_goes_on_too_if_it_repeats_what_is_here()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content);
        var first = await agent.MeetAsync(content, "a");
        first.Script.Otherwise = new ChunkStep.Vanish(18_000, AtGate: true);
        var arriving = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes == 18_000, "the first part");
        first.Script.OpenGate();
        var other = await agent.MeetAsync(content, "b", new ChunkStep.Bytes(content.Chunks[1]));
        await Eventually.HoldsAsync(() => other.Count<GetChunkRequest>() == 1, "the source with another content");
        await agent.MeetAsync(content, "c", new ChunkStep.Bytes(content.Chunks[0]));

        Assert.Equal(content.Chunks[0], await arriving.BytesAsync());
    }

    [Fact]
    public async Task Nobody_goes_on_with_a_chunk_of_another_length()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:Deadline=00:00:01"]);
        var first = await agent.MeetAsync(content, "a");
        first.Script.Otherwise = new ChunkStep.Vanish(12_345, AtGate: true);
        var arriving = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes == 12_345, "the first part");
        first.Script.OpenGate();
        var longer = await agent.MeetAsync(content, "b", new ChunkStep.Bytes([.. content.Chunks[0], 1]));

        await Assert.ThrowsAsync<IOException>(() => arriving.BytesAsync());
        Assert.Equal(1, longer.Count<GetChunkRequest>());
        Assert.False(agent.Chunks.Contains(Content.Id(0)));
    }

    [Fact]
    public async Task Nobody_goes_on_whose_entity_tag_is_another()
    {
        var content = Content.Make(hashes: false);
        await using var liar = await Agent.StartAsync(content, "liar");
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:Deadline=00:00:01"]);
        await using var seeder = await Agent.StartAsync(
            content, "seeder", settings: ["Upload:MaxBytesPerSecond=10000", "Store:MaxChunkBytes=20000", "Store:MemoryBytes=40000"]);
        await seeder.HoldAsync(content, 0, 6, 7);
        await liar.Chunks.PutAsync(Content.Id(0), content.Chunks[1], default);
        agent.Stream.PeersFound([seeder.Info]);
        var arriving = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes > 0, "the first part");
        await seeder.DisposeAsync();
        agent.Stream.PeersFound([liar.Info]);

        await Assert.ThrowsAsync<IOException>(() => arriving.BytesAsync());
        Assert.False(agent.Chunks.Contains(Content.Id(0)));
    }

    [Fact]
    public async Task A_chunk_of_unknown_length_that_breaks_off_fails()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content);
        var first = await agent.MeetAsync(content, "a");
        first.Script.Otherwise = new ChunkStep.Stall(1000, HasLength: false);
        var arriving = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Null(arriving.Chunk.Length);
        await agent.MeetAsync(content, "b");

        await first.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => arriving.BytesAsync());
    }

    [Fact]
    public async Task An_error_page_in_place_of_media_is_not_passed_on()
    {
        var content = Content.Make(hashes: false, extension: "ts");
        await using var agent = await Agent.StartAsync(content);
        var page = await agent.MeetAsync(content, "page");
        page.Script.Otherwise = new ChunkStep.Bytes(Encoding.UTF8.GetBytes("<html>Sorry</html>"));
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => page.Count<GetChunkRequest>() == 1, "the page");
        await agent.MeetAsync(content, "good");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task Odd_bytes_are_taken_when_everybody_sends_them()
    {
        byte[][] odd = [Encoding.UTF8.GetBytes("not a transport stream"), Encoding.UTF8.GetBytes("nor is this")];
        var content = Content.Of(odd, hashes: false, "ts");
        await using var agent = await Agent.StartAsync(content);
        var one = await agent.MeetAsync(content, "one");
        var other = await agent.MeetAsync(content, "other");

        Assert.Equal(odd[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        var asked = one.Count<GetChunkRequest>() + other.Count<GetChunkRequest>();
        Assert.Equal(odd[1], await (await agent.Stream.GetAsync(Content.Id(1), default)).BytesAsync());

        // Once that is known of the stream, looks are not asked for again.
        Assert.Equal(asked + 1, one.Count<GetChunkRequest>() + other.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task A_line_break_before_the_media_is_dropped_where_the_container_shows_it()
    {
        var content = Content.Make(hashes: false, extension: "ts");
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Otherwise = new ChunkStep.Mixed(Gap: "\r\n");

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task The_fetch_ends_when_the_last_reader_has_gone()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Otherwise = new ChunkStep.Stall(1000);
        var arriving = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));
        var other = Assert.IsType<ChunkOutcome.Arriving>(await agent.Stream.GetAsync(Content.Id(0), default));

        arriving.Chunk.Dispose();
        arriving.Chunk.Dispose();
        Assert.Equal(1, peer.Script.InWork);
        other.Chunk.Dispose();

        await Eventually.HoldsAsync(() => peer.Script.InWork == 0, "the end of the request");
    }
}
