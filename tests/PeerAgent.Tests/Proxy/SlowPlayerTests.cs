using System.Net.Sockets;
using System.Text;
using PeerAgent.Media.Store;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

public sealed class SlowPlayerTests
{
    private const int ChunkBytes = 8 << 20;

    /// <summary>More than the blocks of one connection take.</summary>
    private const int Blocks = 1 << 20;

    [Fact]
    public async Task A_player_that_asks_for_many_chunks_and_takes_none_holds_one_in_memory()
    {
        await using var system = await TestSystem.StartAsync();
        var (seeder, film) = await system.SeederAsync(chunkBytes: ChunkBytes);
        var memory = seeder.Service<ChunkStore>().Memory;
        using var player = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        var door = seeder.Player.BaseAddress!;
        await player.ConnectAsync(door.Host, door.Port);
        foreach (var (chunk, _) in film.Chunks)
        {
            var name = film.Info.SwarmId + "/" + new Media.Streams.ChunkLayout(film.Info).NameOf(chunk);
            await player.SendAsync(Encoding.ASCII.GetBytes($"GET /streams/{name} HTTP/1.1\r\nHost: {door.Authority}\r\n\r\n"));
        }

        var head = new byte[100];
        await player.ReceiveAsync(head);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(head), StringComparison.Ordinal);

        // All that no player holds can be had; the one chunk that is being sent cannot, nor what is on its way of it.
        await Eventually.HoldsAsync(() => memory.TryTake(memory.Limit - ChunkBytes - Blocks), "room for all but one chunk");
        Assert.False(memory.TryTake(Blocks));

        player.Close();
        await Eventually.HoldsAsync(() => memory.TryTake(ChunkBytes), "the end of the last lease");
        memory.Give(memory.Limit - Blocks);
    }
}
