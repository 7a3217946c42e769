using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>An origin of one stream.</summary>
internal sealed class OriginSource(Origin origin, OriginClient client) : Source(new SourceHealth(SourceHealth.FirstPause))
{
    private long _lastAsked;

    /// <summary>Where it is.</summary>
    public Origin Origin => origin;

    /// <summary>Base URL without user name and password.</summary>
    public string Url { get; } = origin.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <inheritdoc/>
    public override string Name => $"origin {Url}";

    /// <inheritdoc/>
    public override bool IsOrigin => true;

    /// <summary>True when another request may be opened at its server.</summary>
    public bool HasRoom => client.HasRoom(origin.Url);

    /// <summary>Grows from request to request: who was asked longest ago has the lowest.</summary>
    public long LastAsked => Interlocked.Read(ref _lastAsked);

    /// <inheritdoc/>
    public override Task<TransferOutcome> FetchAsync(ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _lastAsked, client.Asked + 1);
        return client.GetChunkAsync(origin.Url, wanted, sink, cancellationToken);
    }
}
