using Microsoft.Extensions.DependencyInjection;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Hosting;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>The eight methods, one after the other, and what an observer hears of them.</summary>
public sealed class ConversationTests
{
    [Fact]
    public async Task A_peer_goes_through_all_eight_methods()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("seeder", "film");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Report("seeder", Holdings.In("film", Holdings.Level("1111")))));
        await tracker.EnterAsync("viewer", "film");

        var peers = (await tracker.SendAsync(tracker.FindPeer("viewer", "film"))).Peers!;
        var seeder = Assert.Single(peers);
        Assert.Equal("seeder", seeder.PeerId.Value);
        Assert.Equal(PeerInfo.Seed, seeder.PeerType);
        Assert.Equal("10.0.0.1:7000", Assert.Single(seeder.Addresses).ToString());
        Assert.Equal(["seeder"], await tracker.ListAsync(tracker.FindChunk("viewer", "film", 3)));

        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("viewer")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Leave("viewer", "film")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Disconnect("viewer")));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.KeepAlive("viewer")));
    }

    [Fact]
    public async Task An_observer_hears_every_answer_in_words()
    {
        var heard = new Listener();
        await using var tracker = await RunningTracker.StartAsync(b => b.Services.AddSingleton<ITrackerConversationObserver>(heard));
        await tracker.EnterAsync("a", "film");
        await tracker.EnterAsync("b", "film");
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("film", Holdings.Level("1100000000"))));
        await tracker.CodeAsync(tracker.FindPeer("b", "film"));
        await tracker.CodeAsync(tracker.FindChunk("b", "film", 9));
        (await tracker.PostAsync("nonsense")).Dispose();

        Assert.Equal(
            [
                new TrackerExchange("CONNECT", "a", null, ResponseCode.Ok, ""),
                new TrackerExchange("JOIN", "a", "film", ResponseCode.Ok, ""),
                new TrackerExchange("CONNECT", "b", null, ResponseCode.Ok, ""),
                new TrackerExchange("JOIN", "b", "film", ResponseCode.Ok, ""),
                new TrackerExchange("STAT_REPORT", "a", "film", ResponseCode.Ok, "map 2 of 10"),
                new TrackerExchange("FIND_PEER", "b", "film", ResponseCode.Ok, "1 peer"),
                new TrackerExchange("FIND_CHUNK", "b", "film", ResponseCode.ObjectNotFound, ""),
            ],
            heard.Exchanges.Take(7));
        Assert.Equal(ResponseCode.InvalidSyntax, heard.Exchanges[7].Code);
        Assert.Equal("-", heard.Exchanges[7].Method);
    }

    private sealed class Listener : ITrackerConversationObserver
    {
        private readonly Lock _gate = new();
        private readonly List<TrackerExchange> _exchanges = [];

        public List<TrackerExchange> Exchanges
        {
            get
            {
                lock (_gate)
                {
                    return [.. _exchanges];
                }
            }
        }

        public void Answered(TrackerExchange exchange)
        {
            lock (_gate)
            {
                _exchanges.Add(exchange);
            }
        }
    }
}
