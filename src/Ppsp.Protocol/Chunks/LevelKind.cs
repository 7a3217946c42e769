namespace Ppsp.Protocol.Chunks;

/// <summary>What a level number in a chunk name means (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
public enum LevelKind
{
    /// <summary>The name has no level part.</summary>
    None,

    /// <summary><c>L</c>: an SVC layer, or an alternate quality.</summary>
    Layer,

    /// <summary><c>D</c>: an MDC description.</summary>
    Description,
}
