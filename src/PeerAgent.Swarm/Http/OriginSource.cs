using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>An origin of one stream.</summary>
internal sealed class OriginSource(Origin origin, OriginClient client) : Source
{
    /// <summary>Where it is.</summary>
    public Origin Origin => origin;

    /// <summary>Base URL without user name and password.</summary>
    public string Url { get; } = origin.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <inheritdoc/>
    public override string Name => $"origin {Url}";

    /// <inheritdoc/>
    public override bool IsOrigin => true;

    /// <inheritdoc/>
    public override Task<TransferOutcome> FetchAsync(ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken) =>
        client.GetChunkAsync(origin.Url, wanted, sink, cancellationToken);
}
