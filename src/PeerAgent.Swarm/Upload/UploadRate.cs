using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Holds what is sent to so many bytes a second, all peers together: a token bucket that holds one second's worth. Who
/// comes first is served first. Safe for concurrent use.
/// </summary>
internal sealed class UploadRate(UploadOptions options, Clock clock)
{
    private const int LargestPiece = 256 * 1024;
    private const int LargestLimitedPiece = 64 * 1024;
    private const int SmallestPiece = 1024;
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TimeSpan _spentUntil = -Burst;

    /// <summary>Most bytes to send in one go.</summary>
    public int Piece => options.MaxBytesPerSecond is { } rate
        ? (int)Math.Clamp(rate / 4, SmallestPiece, LargestLimitedPiece)
        : LargestPiece;

    /// <summary>Returns when so many bytes may be sent.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (options.MaxBytesPerSecond is not { } rate)
        {
            return;
        }

        TimeSpan wait;
        lock (_gate)
        {
            var now = clock.Now;
            var from = _spentUntil > now - Burst ? _spentUntil : now - Burst;
            _spentUntil = from + TimeSpan.FromSeconds((double)bytes / rate);
            wait = _spentUntil - now;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock.Provider, cancellationToken);
        }
    }
}
