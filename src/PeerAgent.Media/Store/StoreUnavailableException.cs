namespace PeerAgent.Media.Store;

/// <summary>The state folder cannot be used; the message is one line that says what to do.</summary>
public sealed class StoreUnavailableException(string message) : Exception(message)
{
    /// <summary>True when the reason is that another program uses the folder.</summary>
    public bool IsInUse { get; init; }
}
