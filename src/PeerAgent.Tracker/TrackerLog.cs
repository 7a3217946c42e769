using Microsoft.Extensions.Logging;

namespace PeerAgent.Tracker;

/// <summary>
/// Every log line of the tracker client, event ids from 3000 on. None of them holds a user, a token or a full URL.
/// </summary>
internal static partial class TrackerLog
{
    [LoggerMessage(3000, LogLevel.Information, "Connected to tracker {Tracker}, tier {Tier}.")]
    public static partial void Connected(ILogger logger, string tracker, int tier);

    [LoggerMessage(3001, LogLevel.Information, "Disconnected from tracker {Tracker}.")]
    public static partial void Disconnected(ILogger logger, string tracker);

    [LoggerMessage(3002, LogLevel.Information, "Tracker {Tracker} could not be used: {Reason}.")]
    public static partial void ConnectFailed(ILogger logger, string tracker, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "Lost tracker {Tracker}: {Reason}.")]
    public static partial void Lost(ILogger logger, string tracker, string reason);

    [LoggerMessage(3004, LogLevel.Warning, "None of {Count} trackers could be used; the next round starts in {Wait}.")]
    public static partial void RoundFailed(ILogger logger, int count, TimeSpan wait);

    [LoggerMessage(3005, LogLevel.Information, "Joined swarm {Swarm} at tracker {Tracker}.")]
    public static partial void Joined(ILogger logger, string swarm, string tracker);

    [LoggerMessage(3006, LogLevel.Information, "Left swarm {Swarm} at tracker {Tracker}.")]
    public static partial void Left(ILogger logger, string swarm, string tracker);

    [LoggerMessage(3007, LogLevel.Warning, "Tracker {Tracker} refused swarm {Swarm}: {Reason}.")]
    public static partial void JoinRefused(ILogger logger, string tracker, string swarm, string reason);

    [LoggerMessage(3008, LogLevel.Warning, "Tracker {Tracker} has forgotten this peer; registering again.")]
    public static partial void Forgotten(ILogger logger, string tracker);

    [LoggerMessage(3009, LogLevel.Information, "Going back from tracker {Worse} to the better tracker {Better}.")]
    public static partial void FailedBack(ILogger logger, string worse, string better);

    [LoggerMessage(3010, LogLevel.Debug, "{Request} to tracker {Tracker}, transaction {Transaction}.")]
    public static partial void Sending(ILogger logger, string request, string tracker, string transaction);

    [LoggerMessage(3011, LogLevel.Debug, "Tracker {Tracker} on transaction {Transaction}: {Result}.")]
    public static partial void Answered(ILogger logger, string tracker, string transaction, string result);

    [LoggerMessage(3012, LogLevel.Warning, "Tracker {Tracker} refused a message: {Reason}.")]
    public static partial void MessageRefused(ILogger logger, string tracker, string reason);

    [LoggerMessage(3013, LogLevel.Error, "The swarm {Swarm} failed when it was asked for its state.")]
    public static partial void MemberFailed(ILogger logger, Exception exception, string swarm);

    [LoggerMessage(3014, LogLevel.Error, "A message to tracker {Tracker} could not be made or read.")]
    public static partial void ExchangeFailed(ILogger logger, Exception exception, string tracker);
}
