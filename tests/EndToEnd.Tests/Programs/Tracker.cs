using System.Net;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace EndToEnd.Tests.Programs;

/// <summary>A reference tracker as a process, and a peer of the test's own that asks it things.</summary>
internal sealed class Tracker : IAsyncDisposable
{
    private static readonly HttpClient Client = new();

    private Tracker(Program program, Uri url)
    {
        Program = program;
        Url = url;
    }

    public Program Program { get; }

    public Uri Url { get; }

    public static async Task<Tracker> StartAsync(params IEnumerable<string> settings)
    {
        var program = Program.ReferenceTracker(
            ["--ReferenceTracker:Listen=http://127.0.0.1:0", "--Logging:LogLevel:Default=Debug", .. settings]);
        return new Tracker(program, new Uri(await program.SaysAsync(@"istening on (http://127\.0\.0\.1:\d+)")));
    }

    /// <summary>Whom the tracker names as holders of a chunk; empty when it answers that nobody has it.</summary>
    public async Task<IReadOnlyList<PeerInfo>> FindChunkAsync(string swarm, long index)
    {
        Assert.True(SwarmId.TryParse(swarm, out var swarmId));
        await AskAsync(new RegisterRequest { PeerId = Me, TransactionId = Transaction });
        var answer = await AskAsync(new ChunkListRequest { PeerId = Me, TransactionId = Transaction, SwarmId = swarmId, Index = index });
        return answer.Peers ?? [];
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private static PeerId Me => PeerId.TryParse("test-peer", out var id) ? id : default;

    private static TransactionId Transaction => TransactionId.TryParse(Guid.NewGuid().ToString("N"), out var id) ? id : default;

    private async Task<TrackerResponse> AskAsync(TrackerRequest request)
    {
        using var answer = await Client.PostAsync(Url, new ByteArrayContent(TrackerCodec.WriteRequest(request)));
        Assert.NotEqual(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(TrackerCodec.ReadResponse(await answer.Content.ReadAsByteArrayAsync()).TryGet(out var response, out var refusal), refusal?.Reason);
        return response;
    }
}
