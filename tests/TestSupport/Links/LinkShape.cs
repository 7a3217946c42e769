namespace TestSupport.Links;

/// <summary>What a link does to the bytes that cross it; both directions are alike.</summary>
public sealed record LinkShape
{
    /// <summary>A link that does nothing.</summary>
    public static LinkShape Free { get; } = new();

    /// <summary>Bytes a second and direction, all connections together; null = as fast as it goes.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How long a byte is on its way in one direction.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How likely a segment of 1448 bytes is lost, 0 to 1. What comes behind it waits until it was sent again.</summary>
    public double Loss { get; init; }

    /// <summary>When a lost segment is sent again.</summary>
    public TimeSpan RetransmitAfter { get; init; } = TimeSpan.FromMilliseconds(200);
}
