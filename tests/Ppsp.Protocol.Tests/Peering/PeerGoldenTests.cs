using System.Text;
using Ppsp.Protocol.Peering;

namespace Ppsp.Protocol.Tests.Peering;

/// <summary>The messages of draft-cruz-ppsp-http-peer-protocol-00, in the order in which it prints their elements.</summary>
public sealed class PeerGoldenTests
{
    [Theory]
    [InlineData("get-peerlist-request")]
    [InlineData("get-chunkmap-request")]
    [InlineData("get-chunk-request")]
    [InlineData("peer-status-request")]
    public void A_request_is_written_and_read_byte_for_byte(string name)
    {
        var golden = GoldenFiles.Read("Peers", name);
        var sample = Samples.PeerRequest(name);

        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(PeerCodec.WriteRequest(sample)));
        Assert.Equal(MessageText.Of(sample), MessageText.Of(Read.Ok(PeerCodec.ReadRequest(golden))));
    }

    [Theory]
    [InlineData("get-peerlist-response")]
    [InlineData("get-chunkmap-response")]
    [InlineData("get-chunk-response")]
    public void A_response_is_written_and_read_byte_for_byte(string name)
    {
        var golden = GoldenFiles.Read("Peers", name);
        var sample = Samples.PeerResponse(name);

        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(PeerCodec.WriteResponse(sample)));
        Assert.Equal(MessageText.Of(sample), MessageText.Of(Read.Ok(PeerCodec.ReadResponse(golden))));
    }

    [Fact]
    public void GET_CHUNK_has_the_lengths_that_were_counted_by_hand()
    {
        Assert.Equal(209, PeerCodec.WriteRequest(Samples.PeerRequest("get-chunk-request")).Length);
        Assert.Equal(0x94, PeerCodec.WriteResponse(Samples.PeerResponse("get-chunk-response")).Length);
    }
}
