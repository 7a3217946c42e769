using System.Net;
using System.Net.Sockets;
using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>HTTP itself, with clients that keep to it and clients that do not.</summary>
public sealed class DoorTests
{
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("PUT", "/")]
    [InlineData("DELETE", "/healthz")]
    [InlineData("OPTIONS", "/any/path")]
    public async Task Only_POST_is_allowed(string method, string path)
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await tracker.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
        Assert.Equal(ResponseCode.InvalidSyntax, (await RunningTracker.ReadAsync(answer)).Code);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Health_and_readiness_can_be_asked(string path)
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var answer = await tracker.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_are_a_bad_request()
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var socket = await tracker.DialAsync();
        await socket.SendAsync("\u0001\u0002 nonsense\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 400", await ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n<PPSP")]
    [InlineData("Content-Length: 100\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n<PPSP\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n<P")]
    public async Task A_body_that_breaks_off_is_invalid_syntax_for_a_client_that_still_reads(string rest)
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var socket = await tracker.DialAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: t\r\n" + rest));
        socket.Shutdown(SocketShutdown.Send);

        var answer = await ReadToEndAsync(socket);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("<Response>INVALID SYNTAX</Response>", answer, StringComparison.Ordinal);
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1")));
    }

    [Fact]
    public async Task A_client_that_closes_its_half_after_the_request_is_answered()
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var socket = await tracker.DialAsync();
        await socket.SendAsync(Http(TrackerCodec.WriteRequest(tracker.Connect("a", "10.0.0.1:1"))));
        socket.Shutdown(SocketShutdown.Send);
        var answer = await ReadToEndAsync(socket);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("<Response>OK</Response>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slow_senders_hold_nobody_up_and_are_cut_off()
    {
        await using var tracker = await RunningTracker.StartAsync("Limits:ConcurrentRequests=1", "Limits:QueuedRequests=0");
        var slow = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            slow.Add(await tracker.DialAsync());
            await slow[i].SendAsync("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n<"u8.ToArray());
        }

        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("a")));
        foreach (var socket in slow)
        {
            Assert.StartsWith("HTTP/1.1 408", await ReadToEndAsync(socket), StringComparison.Ordinal);
            socket.Dispose();
        }
    }

    [Fact]
    public async Task A_body_in_many_small_pieces_and_in_chunks_is_one_message()
    {
        await using var tracker = await RunningTracker.StartAsync();
        var message = TrackerCodec.WriteRequest(tracker.Connect("a", "10.0.0.1:1"));
        using var socket = await tracker.DialAsync();
        await socket.SendAsync("POST / HTTP/1.1\r\nHost: t\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        foreach (var b in message)
        {
            await socket.SendAsync(new byte[] { (byte)'1', 13, 10, b, 13, 10 });
        }

        await socket.SendAsync("0\r\n\r\n"u8.ToArray());
        Assert.Contains("<Response>OK</Response>", await ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_end_is_too_large()
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var content = new StreamContent(new Endless());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;
        try
        {
            using var answer = await tracker.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server may close before the client has stopped sending; both say the same.
        }

        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1")));
    }

    [Fact]
    public async Task Several_requests_go_over_one_connection_in_order()
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var socket = await tracker.DialAsync();
        byte[] both =
        [
            .. Http(TrackerCodec.WriteRequest(tracker.Connect("a", "10.0.0.1:1"))),
            .. Http(TrackerCodec.WriteRequest(tracker.KeepAlive("a"))),
        ];
        await socket.SendAsync(both);
        socket.Shutdown(SocketShutdown.Send);
        var text = await ReadToEndAsync(socket);
        Assert.True(text.IndexOf("<TransactionID>1<", StringComparison.Ordinal) < text.IndexOf("<TransactionID>2<", StringComparison.Ordinal), text);
        Assert.Equal(2, text.Split("<Response>OK</Response>").Length - 1);
    }

    private static byte[] Http(byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var text = new StringBuilder();
        var part = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(part, deadline.Token)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(part, 0, read));
        }

        return text.ToString();
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
