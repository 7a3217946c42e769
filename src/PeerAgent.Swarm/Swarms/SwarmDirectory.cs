using System.Diagnostics.CodeAnalysis;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Sources;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Swarms;

/// <summary>The swarms that we take part in now. Safe for concurrent use.</summary>
public sealed class SwarmDirectory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SwarmId, SwarmStream> _streams = [];
    private readonly SwarmParts _parts;
    private readonly OriginClient _origins;

    internal SwarmDirectory(SwarmParts parts, OriginClient origins)
    {
        _parts = parts;
        _origins = origins;
    }

    /// <summary>All of them; a snapshot.</summary>
    public IReadOnlyList<SwarmStream> Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams.Values];
            }
        }
    }

    /// <summary>Takes part in a swarm from now on until what is returned is disposed.</summary>
    /// <param name="chunks">What is held of the stream.</param>
    /// <param name="lookup">The stream's trackers.</param>
    /// <exception cref="InvalidOperationException">The swarm is open already.</exception>
    public SwarmStream Open(StreamChunks chunks, ITrackerLookup lookup)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(lookup);
        var swarmId = chunks.Layout.Stream.SwarmId;
        lock (_gate)
        {
            if (_streams.ContainsKey(swarmId))
            {
                throw new InvalidOperationException($"Swarm {swarmId} is open already.");
            }

            var stream = new SwarmStream(_parts, chunks, lookup, _origins, Closed);
            _streams.Add(swarmId, stream);
            return stream;
        }
    }

    /// <summary>The swarm with this id, if we take part in it.</summary>
    public bool TryGet(SwarmId swarmId, [NotNullWhen(true)] out SwarmStream? stream)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(swarmId, out stream);
        }
    }

    private void Closed(SwarmStream stream)
    {
        lock (_gate)
        {
            _streams.Remove(stream.SwarmId);
        }
    }
}
