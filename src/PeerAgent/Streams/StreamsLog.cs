namespace PeerAgent.Streams;

/// <summary>Log lines about streams and players; ids 1100 to 1199.</summary>
internal static partial class StreamsLog
{
    [LoggerMessage(1100, LogLevel.Error, "Looking for silent players failed; it is tried again")]
    internal static partial void SweepFailed(ILogger logger, Exception exception);
}
