namespace PeerAgent.Swarm.Telemetry;

/// <summary>Counts what moves in one swarm, and passes it on to the instruments. Safe for concurrent use.</summary>
internal sealed class TrafficMeter(SwarmMetrics metrics)
{
    private long _uploaded;
    private long _downloaded;
    private long _origin;
    private long _wasted;
    private long _peerChunks;
    private long _originChunks;
    private long _damaged;

    public SwarmMetrics Metrics => metrics;

    public SwarmTraffic Snapshot() => new(
        Interlocked.Read(ref _uploaded),
        Interlocked.Read(ref _downloaded),
        Interlocked.Read(ref _origin),
        Interlocked.Read(ref _wasted),
        Interlocked.Read(ref _peerChunks),
        Interlocked.Read(ref _originChunks),
        Interlocked.Read(ref _damaged));

    public void Uploaded(int bytes)
    {
        Interlocked.Add(ref _uploaded, bytes);
        metrics.Uploaded(bytes);
    }

    public void Received(bool fromOrigin, int bytes)
    {
        Interlocked.Add(ref fromOrigin ? ref _origin : ref _downloaded, bytes);
        metrics.Downloaded(fromOrigin, bytes);
    }

    public void Wasted(long bytes)
    {
        if (bytes > 0)
        {
            Interlocked.Add(ref _wasted, bytes);
            metrics.Wasted(bytes);
        }
    }

    public void ChunkDone(bool fromOrigin) => Interlocked.Increment(ref fromOrigin ? ref _originChunks : ref _peerChunks);

    public void ChunkDamaged() => Interlocked.Increment(ref _damaged);
}
