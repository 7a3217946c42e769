using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Transfer;

/// <summary>The injected randomness, made safe for concurrent use.</summary>
internal sealed class Dice(Random random)
{
    private readonly Lock _gate = new();

    /// <summary>From 0 inclusive to 1 exclusive.</summary>
    public double Next()
    {
        lock (_gate)
        {
            return random.NextDouble();
        }
    }

    /// <summary>From 0 inclusive to <paramref name="end"/> exclusive.</summary>
    public int Next(int end)
    {
        lock (_gate)
        {
            return random.Next(end);
        }
    }

    /// <summary>A fresh identifier of a request.</summary>
    public TransactionId NewTransaction()
    {
        lock (_gate)
        {
            return TransactionId.Create(random);
        }
    }
}
