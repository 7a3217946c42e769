using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Sources;

/// <summary>Somewhere a chunk may come from: a peer or an origin. What was seen of it is kept here.</summary>
internal abstract class Source(SourceHealth health)
{
    private int _open;
    private long _bytes;
    private long _expected;
    private long _unjudged;
    private volatile bool _letsKeep = true;

    /// <summary>Name for people: no credentials.</summary>
    public abstract string Name { get; }

    /// <summary>True for an origin.</summary>
    public abstract bool IsOrigin { get; }

    /// <summary>Whether it may be asked.</summary>
    public SourceHealth Health => health;

    /// <summary>How fast it was.</summary>
    public SourceSpeed Speed { get; } = new();

    /// <summary>False when its last answer was for whoever waits only: then nothing is fetched from it ahead of need.</summary>
    public bool LetsKeep
    {
        get => _letsKeep;
        set => _letsKeep = value;
    }

    /// <summary>Requests for chunks open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Bytes of chunks received from it.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Asks for a chunk; its bytes go to the sink as they arrive.</summary>
    public abstract Task<TransferOutcome> FetchAsync(ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken);

    /// <summary>True while it is at work, or nobody knows yet what the bytes are worth that it gave.</summary>
    public bool IsOnTrial => Open > 0 || Interlocked.Read(ref _unjudged) > 0;

    /// <summary>Bytes that open requests have yet to bring, roughly.</summary>
    public long Expected => Interlocked.Read(ref _expected);

    /// <summary>Seconds until the open requests are done at its usual speed; 0 when there are none, null when nobody can say.</summary>
    public double? Busy => Open == 0 ? 0 : Expected / Speed.BytesPerSecond;

    /// <summary>A request begins.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    /// <summary>A request has ended.</summary>
    public void Closed() => Interlocked.Decrement(ref _open);

    /// <summary>So many more bytes are expected of open requests, or so many less.</summary>
    public void Expect(long bytes) => Interlocked.Add(ref _expected, bytes);

    /// <summary>So many more bytes of it are to be judged, or so many less: they are judged, or thrown away.</summary>
    public void Unjudged(long bytes) => Interlocked.Add(ref _unjudged, bytes);

    /// <summary>Bytes came.</summary>
    public void Received(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
