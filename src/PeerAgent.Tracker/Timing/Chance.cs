using Ppsp.Protocol.Ids;

namespace PeerAgent.Tracker.Timing;

/// <summary>
/// The one source of randomness of the tracker client. Safe to share between threads, which a <see cref="Random"/> is not.
/// </summary>
/// <param name="random">Asked once, for a seed; never used again.</param>
internal sealed class Chance(Random random)
{
    private readonly Random _random = new(random.Next());
    private readonly Lock _gate = new();

    /// <summary>A time near <paramref name="middle"/>: up to <paramref name="share"/> of it shorter or longer.</summary>
    public TimeSpan Around(TimeSpan middle, double share)
    {
        lock (_gate)
        {
            return middle * (1 + (share * ((2 * _random.NextDouble()) - 1)));
        }
    }

    /// <summary>Puts the items in random order.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        lock (_gate)
        {
            _random.Shuffle(items);
        }
    }

    /// <summary>A fresh transaction identifier.</summary>
    public TransactionId NextTransaction()
    {
        lock (_gate)
        {
            return TransactionId.Create(_random);
        }
    }
}
