using System.Globalization;
using System.Net;
using System.Text;
using Ppsp.Protocol.Chunks;
using Storm.Tests.Films;

namespace Storm.Tests.Network;

/// <summary>
/// An origin of the made-up network: a web server that speaks HTTP/1.1 over made-up connections, and is as honest, as quick
/// and as well as its nature. Only the run's thread uses it.
/// </summary>
/// <param name="port">Its port.</param>
/// <param name="nature">How it behaves; what it holds is not asked.</param>
/// <param name="time">The run's clock.</param>
internal sealed class FarOrigin(int port, FarPeer nature, TimeProvider time)
{
    private const int Pieces = 8;
    private const int SmallPiece = 1200;
    private const int LongestHead = 8 * 1024;
    private readonly List<OpenRequest> _open = [];

    public int Port => port;

    public FarPeer Nature => nature;

    /// <summary>Requests for chunks open now.</summary>
    public IReadOnlyList<OpenRequest> Open => _open;

    /// <summary>Requests since the start.</summary>
    public long Asked { get; private set; }

    /// <summary>Answers what comes over a connection, until one side ends it.</summary>
    /// <param name="connection">Our end of it.</param>
    /// <param name="asked">Told of each request.</param>
    public async Task ServeAsync(FarConnection connection, Action<OpenRequest> asked)
    {
        await using var ends = connection;
        try
        {
            while (await ReadHeadAsync(connection) is { } head && await AnswerAsync(connection, head, asked))
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The agent has gone.
        }
    }

    /// <summary>The head of a request; null when none comes any more.</summary>
    private static async Task<string?> ReadHeadAsync(FarConnection connection)
    {
        var buffer = new byte[LongestHead];
        for (var length = 0; length < buffer.Length;)
        {
            var read = await connection.ReadAsync(buffer.AsMemory(length), connection.Broken);
            if (read == 0)
            {
                return null;
            }

            length += read;
            if (buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                return Encoding.ASCII.GetString(buffer, 0, length);
            }
        }

        return null;
    }

    /// <summary>Answers one request; false when the connection is to be closed.</summary>
    private async Task<bool> AnswerAsync(FarConnection connection, string head, Action<OpenRequest> asked)
    {
        var (film, chunk) = Find(head);
        Asked++;
        var request = new OpenRequest(nature, film.SwarmId, chunk) { Length = film.BytesOf(chunk).Length };
        asked(request);
        _open.Add(request);
        try
        {
            await Task.Delay(nature.Latency, time, connection.Broken);
            return nature.Conduct switch
            {
                Conduct.Gone => false,
                Conduct.Busy => await SayAsync(connection, "503 Busy", nature.Dice.Next(2) == 0 ? "" : $"Retry-After: {nature.Dice.Next(1, 8)}\r\n", "Later."),
                Conduct.Forbids => await SayAsync(connection, "403 Forbidden", "", "No."),
                Conduct.SendsPage => await SayAsync(connection, "200 OK", "Content-Type: text/html\r\n", "<!DOCTYPE html><html><body>Sorry.</body></html>"),
                _ => await SendAsync(connection, request, ContentOf(film, chunk), RangeOf(head)),
            };
        }
        finally
        {
            _open.Remove(request);
        }
    }

    private byte[] ContentOf(Film film, ChunkId chunk) => nature.Conduct switch
    {
        Conduct.CutsShort => film.BytesOf(chunk)[..nature.Dice.Next(0, 189)],
        Conduct.Lies => nature.LieOf(film, chunk),
        _ => film.BytesOf(chunk),
    };

    private async Task<bool> SendAsync(FarConnection connection, OpenRequest request, byte[] content, (int From, int? To) range)
    {
        var (from, end) = (range.From, Math.Min(content.Length, (range.To + 1) ?? content.Length));
        var isPart = from > 0 || end < content.Length;
        if (!nature.SendsFromOffset || from >= content.Length)
        {
            (from, end, isPart) = (0, content.Length, false);
        }

        request.Length = end;
        await WriteAsync(
            connection,
            $"HTTP/1.1 {(isPart ? "206 Partial Content" : "200 OK")}\r\nContent-Length: {end - from}\r\n"
                + (isPart ? $"Content-Range: bytes {from}-{end - 1}/{content.Length}\r\n" : "")
                + (nature.TellsTag ? $"ETag: \"{(nature.Conduct == Conduct.Lies ? nature.Number : 0)}-{request.Chunk}\"\r\n" : "")
                + "\r\n");
        var breakAt = nature.Conduct is Conduct.Stalls or Conduct.BreaksOff ? nature.Dice.Next(from, Math.Max(from + 1, end)) : end;
        var stalls = nature.Conduct == Conduct.Stalls;
        var rate = (nature.Conduct == Conduct.Crawls ? 400.0 : nature.BytesPerSecond) / _open.Count;
        for (var at = from; at < breakAt;)
        {
            var count = Math.Min(Math.Max(SmallPiece, content.Length / Pieces), breakAt - at);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(count * 1000 / rate)), time, connection.Broken);
            await connection.WriteAsync(content.AsMemory(at, count), connection.Broken);
            at += count;
            request.Sent = at;
        }

        if (stalls)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, connection.Broken);
        }

        return breakAt == end;
    }

    private static async Task<bool> SayAsync(FarConnection connection, string status, string headers, string text)
    {
        await WriteAsync(connection, $"HTTP/1.1 {status}\r\n{headers}Content-Length: {text.Length}\r\n\r\n{text}");
        return true;
    }

    private static ValueTask WriteAsync(FarConnection connection, string text) =>
        connection.WriteAsync(Encoding.ASCII.GetBytes(text), connection.Broken);

    /// <summary>What <c>GET /film/name</c> means.</summary>
    private static (Film Film, ChunkId Chunk) Find(string head)
    {
        var path = WebUtility.UrlDecode(head.Split(' ')[1]).Split('/');
        var film = Film.Every.First(f => f.SwarmId.Value == "storm/" + path[1]);
        return film.Layout.TryResolve(path[2], out var chunk) ? (film, chunk.Value) : throw new InvalidOperationException($"Nobody has {head}");
    }

    private static (int From, int? To) RangeOf(string head)
    {
        const string Start = "Range: bytes=";
        var line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith(Start, StringComparison.OrdinalIgnoreCase));
        if (line is null)
        {
            return (0, null);
        }

        var bounds = line[Start.Length..].Split('-');
        return (
            int.Parse(bounds[0], CultureInfo.InvariantCulture),
            int.TryParse(bounds[1], CultureInfo.InvariantCulture, out var to) ? to : null);
    }
}
