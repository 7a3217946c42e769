namespace PeerAgent.Swarm.Upload;

/// <summary>What a host was sent, for the fairness among hosts and for its own limit. Not safe for concurrent use.</summary>
internal sealed class HostAccount
{
    /// <summary>Its own limit.</summary>
    public TokenBucket Bucket { get; } = new();

    /// <summary>Bytes granted, on a scale that all hosts share: who was away does not come back with a claim on the past.</summary>
    public double Granted { get; set; }
}
