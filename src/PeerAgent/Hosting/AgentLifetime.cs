using PeerAgent.Listening;
using PeerAgent.Streams;
using PeerAgent.Tracker.Sessions;

namespace PeerAgent.Hosting;

/// <summary>What happens when the agent starts and stops: known streams come back, and trackers are told goodbye before the doors close.</summary>
internal sealed class AgentLifetime(
    Catalogue catalogue, TrackerSessions sessions, Listeners listeners, ILogger<AgentLifetime> log) : IHostedLifecycleService
{
    /// <summary>What LEAVE and DISCONNECT may take, also when every tracker is dead.</summary>
    private static readonly TimeSpan GoodbyeBudget = TimeSpan.FromSeconds(3);

    public Task StartingAsync(CancellationToken cancellationToken) => catalogue.RestoreAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        AgentLog.Listening(log, listeners.LocalUrl(Listener.Players), listeners.LocalUrl(Listener.Peers));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => sessions.StopAsync(GoodbyeBudget, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => catalogue.CloseAsync();

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        AgentLog.Stopped(log);
        return Task.CompletedTask;
    }
}
