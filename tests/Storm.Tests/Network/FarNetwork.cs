using System.Net;
using System.Net.Sockets;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;
using Storm.Tests.Films;

namespace Storm.Tests.Network;

/// <summary>A network of made-up peers on the run's clock. Only the run's thread uses it.</summary>
internal sealed class FarNetwork(TimeProvider time, FetchOptions options) : IPeerTransport
{
    private readonly Clock _clock = new(time);
    private readonly Dictionary<int, FarPeer> _byAddress = [];
    private readonly List<OpenRequest> _open = [];
    private readonly List<FarConnection> _lines = [];
    private readonly SynchronizationContext _thread = SynchronizationContext.Current!;

    public IReadOnlyCollection<FarPeer> Peers => _byAddress.Values;

    /// <summary>Web servers that films may name.</summary>
    public List<FarOrigin> Origins { get; } = [];

    /// <summary>Everybody who may send a chunk.</summary>
    public IReadOnlyCollection<FarPeer> Senders => [.. Peers, .. Origins.Select(o => o.Nature)];

    /// <summary>Tasks that serve the connections to origins.</summary>
    public List<Task> Serving { get; } = [];

    /// <summary>Requests for chunks open now.</summary>
    public IReadOnlyList<OpenRequest> Open => _open;

    /// <summary>Those at origins too.</summary>
    public IEnumerable<OpenRequest> AllOpen => _open.Concat(Origins.SelectMany(o => o.Open));

    /// <summary>Requests of any other kind open now.</summary>
    public int OpenTalks { get; private set; }

    /// <summary>Chunks asked for since the start.</summary>
    public long Asked { get; private set; }

    /// <summary>Whole lies delivered and not looked at yet.</summary>
    public List<Lie> Lies { get; } = [];

    /// <summary>Called before each request for a chunk.</summary>
    public Action<FarPeer, SwarmId> Asking { get; set; } = (_, _) => { };

    public TimeSpan Now => _clock.Now;

    public void Join(FarPeer peer) => _byAddress.Add(KeyOf(peer.Info.Addresses[0].Address.GetAddressBytes()), peer);

    /// <summary>Connects to an origin; may be called on any thread.</summary>
    public ValueTask<Stream> DialAsync(DnsEndPoint place, CancellationToken cancellationToken)
    {
        var made = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Post(
            _ =>
            {
                var origin = Origins.First(o => o.Port == place.Port);
                if (origin.Nature.Conduct == Conduct.Gone)
                {
                    made.SetException(new SocketException((int)SocketError.ConnectionRefused));
                    return;
                }

                var (near, far) = FarConnection.Make();
                Serving.RemoveAll(t => t.IsCompletedSuccessfully);
                _lines.RemoveAll(l => l.Broken.IsCancellationRequested);
                _lines.Add(near);
                Serving.Add(origin.ServeAsync(far, Meet));
                made.SetResult(near);
            },
            null);
        return new ValueTask<Stream>(made.Task);
    }

    /// <summary>The agent's process is over: all its connections are.</summary>
    public void HangUp()
    {
        _lines.ForEach(l => l.Dispose());
        _lines.Clear();
    }

    public static Film FilmOf(SwarmId swarmId) => Film.Every.First(f => f.SwarmId == swarmId);

    /// <inheritdoc/>
    public async Task<TransferOutcome> GetChunkAsync(
        PeerContact peer, ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken)
    {
        var far = Find(peer);
        Asking(far, wanted.SwarmId);
        Asked++;
        var request = new OpenRequest(far, wanted.SwarmId, wanted.Chunk)
        {
            Sent = wanted.Offset,
            Length = FilmOf(wanted.SwarmId).BytesOf(wanted.Chunk).Length,
        };
        Meet(request);
        _open.Add(request);
        try
        {
            return await new FarTransfer(far, request, wanted, time, options).SendAsync(sink, OpenAt(far), cancellationToken);
        }
        finally
        {
            _open.Remove(request);
            Note(request);
        }
    }

    /// <inheritdoc/>
    public Task<MapAnswer> GetMapAsync(PeerContact peer, SwarmId swarmId, string? knownTag, CancellationToken cancellationToken) =>
        TalkAsync(
            peer,
            far => knownTag == far.MapTag
                ? new MapAnswer(TransferOutcome.Done, null, knownTag)
                : new MapAnswer(TransferOutcome.Done, far.MapsOf(FilmOf(swarmId)), far.MapTag),
            trouble => new MapAnswer(trouble, null, null),
            cancellationToken);

    /// <inheritdoc/>
    public Task<PeerListAnswer> GetPeersAsync(PeerContact peer, SwarmId swarmId, CancellationToken cancellationToken) =>
        TalkAsync(
            peer,
            far => new PeerListAnswer(TransferOutcome.Done, [.. Peers.Where(_ => far.Dice.Next(3) == 0).Select(p => p.Info)]),
            trouble => new PeerListAnswer(trouble, []),
            cancellationToken);

    /// <inheritdoc/>
    public Task<TransferOutcome> TellStatusAsync(
        PeerContact peer, SwarmId swarmId, string status, CancellationToken cancellationToken)
    {
        if (SynchronizationContext.Current == _thread)
        {
            return TalkAsync(peer, _ => TransferOutcome.Done, trouble => trouble, cancellationToken);
        }

        // What runs in the background of the agent has no thread of its own.
        var told = new TaskCompletionSource<TransferOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Post(
            _ => TellStatusAsync(peer, swarmId, status, cancellationToken)
                .ContinueWith(t => told.SetFromTask(t), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default),
            null);
        return told.Task;
    }

    private async Task<T> TalkAsync<T>(
        PeerContact peer, Func<FarPeer, T> answer, Func<TransferOutcome, T> failed, CancellationToken cancellationToken)
    {
        OpenTalks++;
        try
        {
            var far = Find(peer);
            await Task.Delay(far.Latency, time, cancellationToken);
            if (far.Conduct == Conduct.Gone)
            {
                return failed(new TransferOutcome(TransferResult.Unreachable, "could not be reached"));
            }

            if (far.Conduct == Conduct.Stalls && far.Dice.Next(4) == 0)
            {
                await Task.Delay(options.ResponseTimeout, time, cancellationToken);
                return failed(new TransferOutcome(TransferResult.TooSlow, "no answer in time"));
            }

            return answer(far);
        }
        finally
        {
            OpenTalks--;
        }
    }

    /// <summary>Whoever is asked for the same chunk is not alone any more.</summary>
    private void Meet(OpenRequest request)
    {
        foreach (var other in AllOpen.Where(o => o.SwarmId == request.SwarmId && o.Chunk == request.Chunk))
        {
            request.IsAlone = other.IsAlone = false;
        }
    }

    private void Note(OpenRequest request)
    {
        if (request is { IsLie: true, IsWhole: true, IsAlone: true, Length: > 0 } && FilmOf(request.SwarmId).HasHash(request.Chunk))
        {
            Lies.Add(new Lie(request.Peer, request.SwarmId, request.Chunk, Now));
        }
    }

    private int OpenAt(FarPeer far) => _open.Count(o => o.Peer == far);

    private FarPeer Find(PeerContact contact) => _byAddress[KeyOf(contact.Addresses[0].Address.GetAddressBytes())];

    private static int KeyOf(byte[] address) => (address[2] << 8) | address[3];
}
