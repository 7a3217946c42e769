using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;

namespace PeerAgent.Hosting;

/// <summary>
/// Keeps the whole process within <c>PeerAgent:Store:MemoryBytes</c> and <see cref="Rest"/>: where the rest of the program takes
/// more than that, chunks in memory make room, down to three quarters of what they may have.
/// </summary>
internal sealed class MemoryWatch(ChunkStore store, IOptions<StoreOptions> options, ProcessMemory process, TimeProvider time) : BackgroundService
{
    /// <summary>What all but the chunks is to take at most, in bytes.</summary>
    internal const long Rest = 100L << 20;

    /// <summary>Room for what comes between two looks.</summary>
    internal const long Slack = 6L << 20;

    /// <summary>One part of so many of the memory for chunks is given up at most.</summary>
    internal const int LargestShare = 4;

    /// <summary>How often is looked.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Bytes taken from the memory for chunks so that nobody uses them.</summary>
    private long _reserved;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    private void Look()
    {
        var chunks = store.Memory;
        var others = process.Bytes() - (chunks.Bytes - _reserved);
        var wanted = Math.Clamp(others + chunks.Limit - (options.Value.MemoryBytes + Rest - Slack), 0, chunks.Limit / LargestShare);
        if (wanted < _reserved)
        {
            chunks.Give(_reserved - wanted);
            _reserved = wanted;
        }
        else if (chunks.TryTake(wanted - _reserved))
        {
            _reserved = wanted;
        }
    }
}
