using Microsoft.Extensions.Options;

namespace PeerAgent.Streams;

/// <summary>Looks regularly for players that fell silent.</summary>
internal sealed class IdlePlayers(Catalogue catalogue, IOptions<PlayersOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var quarter = options.Value.IdleTimeout / 4;
        using var timer = new PeriodicTimer(quarter < Longest ? quarter : Longest, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await catalogue.DropIdlePlayersAsync(stoppingToken);
        }
    }
}
