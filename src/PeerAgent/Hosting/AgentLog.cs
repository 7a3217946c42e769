namespace PeerAgent.Hosting;

/// <summary>The agent's own log lines; ids 1000 to 1999.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(1000, LogLevel.Information, "Players connect to {Players}, peers to {Peers}")]
    internal static partial void Listening(ILogger log, Uri players, Uri peers);

    [LoggerMessage(1001, LogLevel.Information, "Stopped")]
    internal static partial void Stopped(ILogger log);
}
