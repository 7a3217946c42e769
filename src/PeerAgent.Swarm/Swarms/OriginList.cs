using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Http;

namespace PeerAgent.Swarm.Swarms;

/// <summary>The origins of a stream; what was seen of one outlives a new window of the manifest. Safe for concurrent use.</summary>
internal sealed class OriginList(StreamChunks chunks, OriginClient client)
{
    private const int MaxOrigins = 16;

    private readonly Lock _gate = new();
    private StreamInfo? _stream;
    private OriginSource[] _sources = [];

    /// <summary>The origins by priority; none when origins are not to be used.</summary>
    public IReadOnlyList<OriginSource> Current()
    {
        var stream = chunks.Layout.Stream;
        lock (_gate)
        {
            if (!ReferenceEquals(_stream, stream))
            {
                _stream = stream;
                _sources = client.IsEnabled ? [.. stream.Origins.OrderBy(o => o.Priority).Take(MaxOrigins).Select(KnownOrNew)] : [];
            }

            return _sources;
        }
    }

    /// <summary>Those with room for a request, in the order in which they are to be asked: by priority, and those of the same one in turn.</summary>
    public IReadOnlyList<OriginSource> InTurn()
    {
        var all = Current();
        return all.Count switch
        {
            0 => all,
            1 => all[0].HasRoom ? all : [],
            _ => [.. all.Where(o => o.HasRoom).OrderBy(o => o.Origin.Priority).ThenBy(o => o.Open).ThenBy(o => o.LastAsked)],
        };
    }

    private OriginSource KnownOrNew(Origin origin) =>
        _sources.FirstOrDefault(s => s.Origin == origin) ?? new OriginSource(origin, client);
}
