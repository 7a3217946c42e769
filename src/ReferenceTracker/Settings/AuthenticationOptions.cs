namespace ReferenceTracker.Settings;

/// <summary>Who may speak, section <c>ReferenceTracker:Authentication</c>.</summary>
public sealed class AuthenticationOptions
{
    /// <summary>Default <see cref="AuthenticationMode.Open"/>.</summary>
    public AuthenticationMode Mode { get; set; } = AuthenticationMode.Open;
}
