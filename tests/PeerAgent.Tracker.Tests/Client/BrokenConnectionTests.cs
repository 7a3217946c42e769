using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Tests.Sessions;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Tests.Client;

public class BrokenConnectionTests
{
    /// <summary>A connection that is reset in the moment in which it was made comes out of HttpClient as a bare SocketException.</summary>
    [Fact]
    public async Task A_connection_reset_as_soon_as_it_is_made_is_a_failed_attempt_like_any_other()
    {
        using var handler = new ResettingHandler();
        var options = new TrackerOptions { Retries = 0 };
        var client = new TrackerClient(
            new Factory(handler), new TrackerEndpoint(new Uri("http://tracker.example"), 1), options, TimeProvider.System,
            new Chance(new Random(1)), NullLogger.Instance);

        var outcome = await client.SendAsync(
            new HeartbeatRequest { PeerId = Rig.Me, TransactionId = TransactionId.Create(new Random(2)) },
            client.Patience,
            CancellationToken.None);

        Assert.Equal(UnreachableKind.Broken, Assert.IsType<TrackerUnreachable>(outcome).Kind);
    }

    private sealed class Factory(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }

    private sealed class ResettingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new SocketException((int)SocketError.NotConnected));
    }
}
