using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Streams;

/// <summary>
/// What a stream is, whatever kind of manifest told it (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6). Immutable.
/// </summary>
public sealed record StreamInfo
{
    /// <summary>The swarm that shares it.</summary>
    public required SwarmId SwarmId { get; init; }

    /// <summary>The trackers, at least one.</summary>
    public required IReadOnlyList<TrackerReference> Trackers { get; init; }

    /// <summary>True for a live stream: the segments are a window that moves.</summary>
    public bool IsLive { get; init; }

    /// <summary>The manifest's <c>UpdateTime</c> as it stands, or null; used only to see a change.</summary>
    public string? UpdateTime { get; init; }

    /// <summary>The clips, at least one, with distinct names.</summary>
    public required IReadOnlyList<Clip> Clips { get; init; }

    /// <summary>True for a stream that only those who hold its manifest are to be told of (our addition <c>x:private</c>).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Origins, by priority.</summary>
    public IReadOnlyList<Origin> Origins { get; init; } = [];
}
