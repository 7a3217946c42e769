namespace ReferenceTracker;

/// <summary>The log lines of the reference tracker: ids 4000 to 4999, never credentials.</summary>
internal static partial class TrackerLog
{
    [LoggerMessage(4000, LogLevel.Information, "Listening on {Url}")]
    internal static partial void Listening(this ILogger log, string url);

    [LoggerMessage(4001, LogLevel.Debug, "{Method} {Peer} {Swarm} -> {Code}")]
    internal static partial void Answered(this ILogger log, string method, string? peer, string? swarm, string code);

    [LoggerMessage(4002, LogLevel.Debug, "Too many requests in work; one was refused")]
    internal static partial void Overloaded(this ILogger log);

    [LoggerMessage(4003, LogLevel.Error, "{Method} failed; the peer got INTERNAL ERROR")]
    internal static partial void Failed(this ILogger log, Exception exception, string method);

    [LoggerMessage(4004, LogLevel.Error, "Clearing away expired peers failed; it is tried again")]
    internal static partial void SweepFailed(this ILogger log, Exception exception);
}
