using System.Net.Sockets;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Tests.Http;

public sealed class HttpTroubleTests
{
    /// <summary>A connection that is reset in the moment in which it was made comes out of HttpClient as a bare SocketException.</summary>
    [Fact]
    public async Task A_connection_reset_as_soon_as_it_is_made_is_trouble_like_any_other()
    {
        using var patience = new Patience(TimeProvider.System, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), CancellationToken.None);

        var outcome = await HttpTrouble.GuardAsync(
            patience, () => Task.FromException<TransferOutcome>(new SocketException((int)SocketError.NotConnected)), CancellationToken.None);

        Assert.Equal(TransferResult.Unreachable, outcome.Result);
    }
}
