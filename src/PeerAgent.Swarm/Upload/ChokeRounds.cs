using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Telemetry;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Upload;

/// <summary>Chokes and unchokes round by round, and tells the peers that are known (PEER_STATUS).</summary>
internal sealed class ChokeRounds(
    SwarmDirectory swarms, UploadSettings settings, ChokeBoard board, TimeProvider time, ILogger<ChokeRounds> logger) : BackgroundService
{
    /// <summary>How long a round is.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    /// <summary>Below so many bytes a second a peer is not served usefully.</summary>
    public const long Floor = 32 * 1024;

    private const int ToldAtATime = 8;
    private static readonly TimeSpan TellingTime = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryEndRoundAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    private async Task TryEndRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EndRoundAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault here must not end the agent; the next round tries again.
            logger.RoundFaulted(e);
        }
    }

    private async Task EndRoundAsync(CancellationToken cancellationToken)
    {
        var limits = settings.Current;
        var given = swarms.Streams.ToDictionary(s => s.SwarmId, s => s.Peers.ToDictionary(p => p.PeerId));
        var changed = board.EndRound(PlacesOf(limits), IsSlow, c => c.Swarms.Sum(s => Find(given, c, s)?.DownloadedBytes ?? 0));
        if (changed.Count == 0)
        {
            return;
        }

        logger.RoundEnded(changed.Count(c => c.IsChoked), changed.Count(c => !c.IsChoked));
        var toTell = changed.SelectMany(c => c.Swarms.Where(s => Find(given, c, s) is not null).Select(s => (Candidate: c, c.IsChoked, Swarm: s)));
        using var limit = new CancellationTokenSource(TellingTime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Parallel.ForEachAsync(
            toTell.ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = ToldAtATime, CancellationToken = CancellationToken.None },
            async (news, _) => await TellAsync(news.Swarm, news.Candidate.Who.PeerId, news.IsChoked, end.Token));

        bool IsSlow(int peers) => limits.MaxBytesPerSecond is { } rate && rate / peers < Floor;
    }

    private async Task TellAsync(SwarmId swarmId, PeerId peerId, bool isChoked, CancellationToken cancellationToken)
    {
        try
        {
            if (swarms.TryGet(swarmId, out var stream))
            {
                await stream.ChokeAsync(peerId, isChoked, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It was set all the same; the peer learns it when it asks.
        }
    }

    private static int PlacesOf(UploadLimits limits)
    {
        var most = Math.Max(ChokeBoard.FewestPlaces, limits.Slots);
        return limits.MaxBytesPerSecond is { } rate ? (int)Math.Clamp(rate / Floor, ChokeBoard.FewestPlaces, most) : most;
    }

    /// <summary>The peer, if it is known and is where the candidate asks from; a PeerID alone proves nothing.</summary>
    private static PeerStatus? Find(
        Dictionary<SwarmId, Dictionary<PeerId, PeerStatus>> streams, ChokeCandidate candidate, SwarmId swarmId) =>
        streams.GetValueOrDefault(swarmId)?.GetValueOrDefault(candidate.Who.PeerId) is { } peer
        && peer.Addresses.Any(a => a.Address.Equals(candidate.From))
            ? peer
            : null;
}
