using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Messages;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Http;

public sealed class OriginClientTests
{
    private static readonly string[] Impatient = ["Fetch:Deadline=00:00:01", "Fetch:LookupTimeout=00:00:00.1"];

    [Fact]
    public async Task A_request_says_no_more_than_it_must()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([origin]);
        await using var ending = agent;

        await FetchAsync(agent, content, 0);
        var headers = Assert.Single(origin.Received).Headers;
        Assert.Equal("identity", headers["Accept-Encoding"]);
        Assert.Equal(["Accept-Encoding", "Host"], headers.Keys.Where(k => !k.StartsWith(':')).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_packed_chunk_is_refused(string coding)
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([origin], hashes: false);
        await using var ending = agent;
        origin.Script.Otherwise = new ChunkStep.Header("Content-Encoding", coding, new ChunkStep.Bytes(content.Chunks[0]));

        Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Contains("content coding", agent.Stream.Origins[0].LastTrouble, StringComparison.Ordinal);
        Assert.Equal(0, agent.Chunks.HeldCount);
    }

    [Theory]
    [InlineData("no-store", true)]
    [InlineData("max-age=60, No-Store", true)]
    [InlineData("private", true)]
    [InlineData("no-store", false)]
    public async Task What_is_not_to_be_stored_is_played_but_neither_kept_nor_passed_on(string cacheControl, bool hashes)
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([origin], hashes);
        await using var ending = agent;
        origin.Script.Otherwise = new ChunkStep.Header("Cache-Control", cacheControl, new ChunkStep.Raw());

        await FetchAsync(agent, content, 0);
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.OriginChunks == 1, "the end of the fetch");
        Assert.Equal(0, agent.Chunks.HeldCount);
        Assert.Null(await agent.Chunks.OpenAsync(Content.Id(0), default));
    }

    [Fact]
    public async Task What_is_not_to_be_stored_is_verified_all_the_same()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([origin], settings: Impatient);
        await using var ending = agent;
        origin.Script.Otherwise = new ChunkStep.Header("Cache-Control", "no-store", new ChunkStep.Bytes(content.Chunks[1]));

        Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Equal(SourceState.Banned, agent.Stream.Origins[0].State);
    }

    [Theory]
    [InlineData("max-age=0")]
    [InlineData("no-cache, must-revalidate")]
    [InlineData("private=\"Set-Cookie\"")]
    public async Task What_merely_grows_old_is_kept_and_not_asked_for_again(string cacheControl)
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([origin], hashes: false);
        await using var ending = agent;
        origin.Script.Otherwise = new ChunkStep.Header("Cache-Control", cacheControl, new ChunkStep.Raw());

        await FetchAsync(agent, content, 0);
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 1, "the chunk");
        await FetchAsync(agent, content, 0);
        Assert.Single(origin.Received);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_followed(int status)
    {
        await using var origin = await FakeOrigin.StartAsync();
        await using var elsewhere = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([origin]);
        await using var ending = agent;
        elsewhere.Script.Chunks["far.bin"] = content.Chunks[0];
        origin.Script.Otherwise = new ChunkStep.Redirect(new Uri(elsewhere.Url, "far.bin"), status);

        await FetchAsync(agent, content, 0);
        Assert.Single(origin.Received);
        Assert.Equal("/content/far.bin", Assert.Single(elsewhere.Received).Path);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (_, agent) = await StartAsync([origin], settings: ["Fetch:Deadline=00:00:00.8", "Fetch:LookupTimeout=00:00:00.1"]);
        await using var ending = agent;
        origin.Script.Otherwise = new ChunkStep.Redirect(origin.Url);

        var late = Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Contains("redirects more than 3 times", late.Reason, StringComparison.Ordinal);
        Assert.Equal(OriginRedirects.Most + 1, origin.Received.Count);
    }

    [Fact]
    public async Task A_public_place_cannot_send_us_to_this_machine()
    {
        await using var inside = await FakeOrigin.StartAsync();
        var (_, agent) = await StartAsync([inside]);
        await using var ending = agent;
        var http = agent.Services.GetRequiredService<PeerHttp>();
        using var request = new HttpRequestMessage(HttpMethod.Get, inside.Url);

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendToOriginAsync(request, publicOnly: true, default));
        Assert.IsType<NotPublicException>(e.InnerException);
        Assert.Empty(inside.Received);
    }

    [Fact]
    public async Task A_limit_slows_reading_and_not_asking()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var time = new ManualTime();
        var (content, agent) = await StartAsync(
            [origin], time: time,
            settings: ["Origin:MaxBytesPerSecond=10000", "Fetch:IdleTimeout=00:00:00.5", "Fetch:LookupTimeout=00:00:00.1", "Fetch:Deadline=00:01:00"]);
        await using var ending = agent;

        var both = Task.WhenAll(
            agent.Stream.GetAsync(Content.Id(0), default).AsTask(), agent.Stream.GetAsync(Content.Id(1), default).AsTask());
        await RunAsync(time, () => origin.Received.Count == 2);
        var from = time.GetTimestamp();
        await RunAsync(time, () => both.IsCompleted);

        Assert.Equal(content.Chunks[1], await (await both)[1].BytesAsync());
        var took = time.GetElapsedTime(from);
        Assert.InRange(took, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
        Assert.Equal(0, agent.Stream.Origins[0].Failures);
    }

    [Fact]
    public async Task Origins_of_the_same_priority_share_the_work()
    {
        await using var one = await FakeOrigin.StartAsync();
        await using var two = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([one, two], samePriority: true);
        await using var ending = agent;

        for (var i = 0; i < 8; i++)
        {
            await FetchAsync(agent, content, i);
        }

        Assert.Equal(4, one.Received.Count);
        Assert.Equal(4, two.Received.Count);
    }

    [Fact]
    public async Task The_next_origin_is_asked_when_the_first_has_no_room()
    {
        await using var one = await FakeOrigin.StartAsync();
        await using var two = await FakeOrigin.StartAsync();
        var (content, agent) = await StartAsync([one, two], settings: "Origin:MaxConnections=1");
        await using var ending = agent;
        one.Script.Then(new ChunkStep.Wait(new ChunkStep.Raw()));
        var waits = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => one.Script.InWork == 1, "the first request");

        await FetchAsync(agent, content, 1);
        Assert.Single(two.Received);
        one.Script.OpenGate();
        Assert.Equal(content.Chunks[0], await (await waits).BytesAsync());
    }

    [Fact]
    public async Task An_origin_that_failed_is_left_alone_and_comes_first_again_later()
    {
        await using var one = await FakeOrigin.StartAsync();
        await using var two = await FakeOrigin.StartAsync();
        var time = new ManualTime();
        var (content, agent) = await StartAsync([one, two], time: time);
        await using var ending = agent;
        one.Script.Then(new ChunkStep.Refuse(500, ResponseCode.InternalError));

        for (var i = 0; i < 2; i++)
        {
            var outcome = agent.Stream.GetAsync(Content.Id(i), default).AsTask();
            await RunAsync(time, () => outcome.IsCompleted);
            Assert.Equal(content.Chunks[i], await (await outcome).BytesAsync());
        }

        Assert.Equal(2, two.Received.Count);
        time.Advance(TimeSpan.FromSeconds(60));
        var last = agent.Stream.GetAsync(Content.Id(2), default).AsTask();
        await RunAsync(time, () => last.IsCompleted);
        Assert.Equal(2, one.Received.Count);
        Assert.Equal(0, agent.Stream.Origins[0].Failures);
    }

    [Fact]
    public async Task Origins_can_be_turned_off()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (_, agent) = await StartAsync([origin], settings: [.. Impatient, "Origin:Enabled=false"]);
        await using var ending = agent;

        Assert.IsType<ChunkOutcome.NotFound>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Empty(origin.Received);
        Assert.Empty(agent.Stream.Origins);
    }

    private static async Task<(Content Content, Agent Agent)> StartAsync(
        FakeOrigin[] origins, bool hashes = true, ManualTime? time = null, bool samePriority = false, params string[] settings)
    {
        var content = Content.Make(hashes, origins: [.. origins.Select(o => o.Url)]);
        if (samePriority)
        {
            content = content.With(content.Stream with { Origins = [.. content.Stream.Origins.Select(o => o with { Priority = 1 })] });
        }

        foreach (var origin in origins)
        {
            for (var i = 0; i < content.Chunks.Count; i++)
            {
                origin.Script.Chunks[Content.NameOf(i)] = content.Chunks[i];
            }
        }

        return (content, await Agent.StartAsync(content, time: time, settings: settings));
    }

    private static async Task FetchAsync(Agent agent, Content content, int number) =>
        Assert.Equal(content.Chunks[number], await (await agent.Stream.GetAsync(Content.Id(number), default)).BytesAsync());

    /// <summary>Lets time pass in small steps, with real requests between them.</summary>
    private static async Task RunAsync(ManualTime time, Func<bool> isOver)
    {
        for (var i = 0; i < 2000 && !isOver(); i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await TimeProvider.System.RestAsync(TimeSpan.FromMilliseconds(2));
        }
    }
}
