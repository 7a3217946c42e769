using System.Net;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Sources;

/// <summary>Another peer of one stream.</summary>
internal sealed class Peer(PeerId id, IPeerTransport transport) : Source(new SourceHealth(StrangerPause))
{
    /// <summary>A good peer may have bad luck with its first chunk, but one that fails then is mostly good for nothing.</summary>
    private static readonly TimeSpan StrangerPause = TimeSpan.FromSeconds(5);

    private volatile PeerContact _contact = new([]);
    private volatile PeerInfo? _info;
    private volatile bool _chokedByUs;
    private long _uploaded;

    /// <summary>Its id.</summary>
    public PeerId Id => id;

    /// <inheritdoc/>
    public override string Name => $"peer {id}";

    /// <inheritdoc/>
    public override bool IsOrigin => false;

    /// <summary>Where it listens.</summary>
    public PeerContact Contact => _contact;

    /// <summary>What was told of it.</summary>
    public PeerInfo Info => _info ?? new PeerInfo { PeerId = id };

    /// <summary>What it holds.</summary>
    public PeerHoldings Holdings { get; } = new();

    /// <summary>When it is polled.</summary>
    public PollState Poll { get; } = new();

    /// <summary>Bytes of chunks sent to it.</summary>
    public long UploadedBytes => Interlocked.Read(ref _uploaded);

    /// <summary>True while we do not serve it.</summary>
    public bool ChokedByUs
    {
        get => _chokedByUs;
        set => _chokedByUs = value;
    }

    /// <summary>True when the chunk may be had here: the peer told so, a tracker did, or it is a seed that has not told yet.</summary>
    public bool MayHold(ChunkId chunk) =>
        Holdings.Contains(chunk)
        || (!Holdings.IsKnown && IsSeed);

    /// <summary>True when it was told to have everything.</summary>
    public bool IsSeed => string.Equals(Info.PeerType, PeerInfo.Seed, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes over what was told of the peer.</summary>
    public void Update(PeerInfo info)
    {
        _info = info;
        var contact = new PeerContact(info.Addresses);
        if (!contact.Addresses.SequenceEqual(_contact.Addresses))
        {
            _contact = contact;
        }
    }

    /// <summary>True when one of its addresses is at this host.</summary>
    public bool IsAt(IPAddress address) => _contact.IsAt(address);

    /// <summary>Bytes of a chunk were sent to it.</summary>
    public void Uploaded(int bytes) => Interlocked.Add(ref _uploaded, bytes);

    /// <inheritdoc/>
    public override Task<TransferOutcome> FetchAsync(ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken) =>
        transport.GetChunkAsync(_contact, wanted, sink, cancellationToken);
}
