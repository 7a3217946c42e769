using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Fetching;

/// <summary>What all fetches of one stream share.</summary>
internal sealed class FetchSite
{
    private const double Weight = 0.2;
    private const double CautionAtFirst = 0.8;

    private readonly Lock _gate = new();
    private double _usualSize = 256 * 1024;
    private double? _deviation;
    private volatile bool _containersMean = true;
    private volatile bool _isSizeKnown;

    /// <summary>What all streams share.</summary>
    public required SwarmParts Parts { get; init; }

    /// <summary>Where chunks are kept.</summary>
    public required StreamChunks Chunks { get; init; }

    /// <summary>The peers.</summary>
    public required PeerDirectory Directory { get; init; }

    /// <summary>Keeps the peers' maps fresh.</summary>
    public required PeerPolling Polling { get; init; }

    /// <summary>The trackers.</summary>
    public required ITrackerLookup Lookup { get; init; }

    /// <summary>Counts bytes.</summary>
    public required TrafficMeter Traffic { get; init; }

    /// <summary>What was done in the latest fetches.</summary>
    public required TraceBook Traces { get; init; }

    /// <summary>Who takes the next source.</summary>
    public required FetchLine Line { get; init; }

    /// <summary>The origins that have room for a request now, in the order in which they are to be asked.</summary>
    public required Func<IReadOnlyList<Source>> Origins { get; init; }

    /// <summary>What chunks on their way take memory from.</summary>
    public MemoryBudget Memory => Chunks.Memory;

    /// <summary>The swarm.</summary>
    public SwarmId SwarmId => Chunks.Layout.Stream.SwarmId;

    /// <summary>False once a chunk had to be taken that does not look like its name: then looks say nothing in this stream.</summary>
    public bool ContainersMean
    {
        get => _containersMean;
        set => _containersMean = value;
    }

    /// <summary>Bytes a chunk usually has here: what the manifest's bitrate says at first, then what was seen.</summary>
    public long UsualSize
    {
        init => _usualSize = value;
        get
        {
            lock (_gate)
            {
                return (long)_usualSize;
            }
        }
    }

    /// <summary>Bytes that nearly every chunk has: the usual size less twice what chunks differed by; a part less while none was seen.</summary>
    public double SureSize
    {
        get
        {
            lock (_gate)
            {
                return _deviation is { } deviation ? Math.Max(_usualSize / 2, _usualSize - (2 * deviation)) : _usualSize * CautionAtFirst;
            }
        }
    }

    /// <summary>False while the usual size is no more than a guess.</summary>
    public bool IsSizeKnown
    {
        get => _isSizeKnown;
        init => _isSizeKnown = value;
    }

    /// <summary>True for a chunk of media, false for an initialisation chunk or a list of digests: those have sizes of their own.</summary>
    public bool IsUsual(ChunkId chunk) =>
        !chunk.Level.Type.EndsWith(ChunkLayout.InitSuffix, StringComparison.Ordinal) && Chunks.Layout.ListLengthOf(chunk) is null;

    /// <summary>A chunk was this long.</summary>
    public void ObserveSize(ChunkId chunk, long bytes)
    {
        if (!IsUsual(chunk))
        {
            return;
        }

        lock (_gate)
        {
            var differs = _isSizeKnown ? Math.Abs(bytes - _usualSize) : bytes * (1 - CautionAtFirst) / 2;
            _deviation = _deviation is { } old ? old + ((differs - old) * Weight) : differs;
            _usualSize = _isSizeKnown ? _usualSize + ((bytes - _usualSize) * Weight) : bytes;
            _isSizeKnown = true;
        }
    }
}
