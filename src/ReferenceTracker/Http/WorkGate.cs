using System.Threading.RateLimiting;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Http;

/// <summary>Lets so many requests be in work and so many more wait, each for a second at most.</summary>
internal sealed class WorkGate(LimitsOptions limits, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.ConcurrentRequests,
        QueueLimit = limits.QueuedRequests,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>A place, to be disposed when the work is done; null when there is none in time.</summary>
    internal ValueTask<RateLimitLease?> EnterAsync(CancellationToken cancel)
    {
        var lease = _limiter.AttemptAcquire();
        return lease.IsAcquired ? new ValueTask<RateLimitLease?>(lease) : WaitAsync(cancel);
    }

    public void Dispose() => _limiter.Dispose();

    private async ValueTask<RateLimitLease?> WaitAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            var lease = await _limiter.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // The second is over: that is an answer, not a cancellation.
            return null;
        }
    }
}
