using System.Net;
using System.Net.Sockets;
using TestSupport.Links;

namespace PeerAgent.Swarm.Tests.Links;

/// <summary>The line that benchmarks and tests put in front of a peer.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public LinkTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_byte_is_on_its_way_for_as_long_as_the_delay_says()
    {
        await using var link = Open(new LinkShape { Delay = TimeSpan.FromSeconds(1) });
        await _client.ConnectAsync(link.EndPoint);
        await WaitForTimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        using var there = await _server.AcceptAsync();

        await _client.SendAsync(new byte[] { 1, 2, 3 });
        await WaitForTimersAsync(1);
        Assert.Equal(0, there.Available);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([1, 2, 3], await ReceiveAsync(there));
        Assert.Equal(3, link.BytesToServer);
    }

    [Fact]
    public async Task Bytes_leave_no_faster_than_the_rate()
    {
        await using var link = Open(new LinkShape { BytesPerSecond = 1448 });
        await _client.ConnectAsync(link.EndPoint);
        using var there = await _server.AcceptAsync();

        await _client.SendAsync(new byte[2 * 1448]);
        await WaitForTimersAsync(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1448, (await ReceiveAsync(there)).Length);

        await WaitForTimersAsync(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1448, (await ReceiveAsync(there)).Length);
    }

    [Fact]
    public async Task A_line_that_has_work_goes_on_with_it_however_late_its_clock_is()
    {
        await using var link = Open(new LinkShape { BytesPerSecond = 1448 }, new LateTime(_time));
        await _client.ConnectAsync(link.EndPoint);
        using var there = await _server.AcceptAsync();

        await _client.SendAsync(new byte[4 * 1448]);
        await WaitForTimersAsync(2);
        _time.Advance(TimeSpan.FromSeconds(5));

        await Eventually.HoldsAsync(() => there.Available == 4 * 1448, "all of it is there");
    }

    [Fact]
    public async Task What_waited_at_a_broken_line_leaves_at_the_rate_once_it_is_whole_again()
    {
        await using var link = Open(new LinkShape { BytesPerSecond = 1448 });
        await _client.ConnectAsync(link.EndPoint);
        using var there = await _server.AcceptAsync();
        await _client.SendAsync(new byte[1448]);
        await WaitForTimersAsync(2);
        link.Break();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _client.SendAsync(new byte[1448]);
        _time.Advance(TimeSpan.FromSeconds(9));
        link.Restore();

        await Eventually.HoldsAsync(() => there.Available == 1448, "what had left before");
        await WaitForTimersAsync(2);
        Assert.Equal(1448, there.Available);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => there.Available == 2 * 1448, "what waited");
    }

    [Fact]
    public async Task Nothing_crosses_a_broken_line_until_it_is_whole_again()
    {
        await using var link = Open(LinkShape.Free);
        await _client.ConnectAsync(link.EndPoint);
        using var there = await _server.AcceptAsync();
        await there.SendAsync(new byte[] { 1 });
        Assert.Equal([1], await ReceiveAsync(_client));

        link.Break();
        await there.SendAsync(new byte[] { 2 });
        var received = ReceiveAsync(_client);
        Assert.False(received.IsCompleted);
        link.Restore();

        Assert.Equal([2], await received);
    }

    [Fact]
    public async Task A_reset_is_felt_at_both_ends()
    {
        await using var link = Open(LinkShape.Free);
        await _client.ConnectAsync(link.EndPoint);
        using var there = await _server.AcceptAsync();

        await link.ResetAsync();

        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(_client));
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(there));
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        var bytes = new byte[4096];
        return bytes[..await socket.ReceiveAsync(bytes)];
    }

    private Link Open(LinkShape shape, TimeProvider? time = null)
    {
        var link = Link.Open(shape, time ?? _time, new Random(1));
        link.Target = (IPEndPoint)_server.LocalEndPoint!;
        return link;
    }

    private Task WaitForTimersAsync(int count) =>
        Eventually.HoldsAsync(() => _time.PendingTimers >= count, $"{count} timers wait");

    /// <summary>The clock of a busy machine: it tells the time, but wakes nobody before another three quarters of a second have passed.</summary>
    private sealed class LateTime(TimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime + TimeSpan.FromSeconds(0.75), period);
    }
}
