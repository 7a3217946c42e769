namespace PeerAgent.Media.Streams;

/// <summary>One piece of content of a stream (<c>Clip</c>; draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
public sealed record Clip
{
    /// <summary>Name with its path, for example <c>path/name</c>; path-safe: no dot segments, backslashes or control characters.</summary>
    public required string Name { get; init; }

    /// <summary>The last segment of the name: what chunk names begin with.</summary>
    public string ContentId => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>Playing time, or null.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Text for people; empty when not given.</summary>
    public string Description { get; init; } = "";

    /// <summary>The picture, or null.</summary>
    public VideoDescription? Video { get; init; }

    /// <summary>Codec of the sound (<c>Audio</c>), or null.</summary>
    public string? AudioCodec { get; init; }

    /// <summary>The chunks by kind, at least one.</summary>
    public required IReadOnlyList<Component> Components { get; init; }
}
