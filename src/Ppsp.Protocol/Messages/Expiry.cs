namespace Ppsp.Protocol.Messages;

/// <summary>
/// When a membership ends by itself (ExpireTime; draft-cruz-ppsp-http-tracker-protocol-01, section 4.6): after a time,
/// at a time, or, when both are null, never.
/// </summary>
/// <param name="After">Whole seconds from the JOIN on.</param>
/// <param name="At">A point in time, where the message named one.</param>
public readonly record struct Expiry(TimeSpan? After, DateTimeOffset? At)
{
    /// <summary>No expiry.</summary>
    public static Expiry Never => default;
}
