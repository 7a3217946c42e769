using Microsoft.Extensions.Options;

namespace PeerAgent.Streams;

/// <summary>Looks regularly for players that fell silent.</summary>
internal sealed class IdlePlayers(Catalogue catalogue, IOptions<PlayersOptions> options, TimeProvider time, ILogger<IdlePlayers> log) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var quarter = options.Value.IdleTimeout / 4;
        using var timer = new PeriodicTimer(quarter < Longest ? quarter : Longest, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await catalogue.DropIdlePlayersAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A bug of ours in one round must not end the agent, nor go unseen.
                StreamsLog.SweepFailed(log, e);
            }
        }
    }
}
