using Microsoft.Extensions.Logging;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Client;

/// <summary>The clients of all trackers in use, one a URL, so that sessions share what is known about a tracker.</summary>
internal sealed class TrackerClients(
    IHttpClientFactory http, TrackerOptions options, TimeProvider time, Chance chance, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Uri, WeakReference<TrackerClient>> _clients = [];

    /// <summary>The client of a tracker; kept for as long as somebody uses it.</summary>
    public TrackerClient Get(TrackerEndpoint endpoint)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(endpoint.Url, out var known) && known.TryGetTarget(out var client))
            {
                return client;
            }

            foreach (var gone in _clients.Where(c => !c.Value.TryGetTarget(out _)).Select(c => c.Key).ToList())
            {
                _clients.Remove(gone);
            }

            client = new TrackerClient(http, endpoint, options, time, chance, logger);
            _clients[endpoint.Url] = new WeakReference<TrackerClient>(client);
            return client;
        }
    }
}
