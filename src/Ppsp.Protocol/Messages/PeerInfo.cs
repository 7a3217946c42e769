using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>A peer in a list (draft-cruz-ppsp-http-tracker-protocol-01, section 4.8).</summary>
public sealed record PeerInfo
{
    /// <summary>The word for a peer that holds everything.</summary>
    public const string Seed = "SEED";

    /// <summary>The word for a peer that does not.</summary>
    public const string Leech = "LEECH";

    /// <summary>The peer.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary><see cref="Seed"/>, <see cref="Leech"/> or another word; empty when not known.</summary>
    public string PeerType { get; init; } = "";

    /// <summary>Where it listens, best first.</summary>
    public IReadOnlyList<PeerAddress> Addresses { get; init; } = [];

    /// <summary>Free text; empty when not known.</summary>
    public string PeerLocation { get; init; } = "";

    /// <summary>Free text, for example <c>ADSL</c>; empty when not known.</summary>
    public string ConnectionType { get; init; } = "";

    /// <summary>Cost of reaching it, lower = nearer.</summary>
    public int EndPointRankCost { get; init; }
}
