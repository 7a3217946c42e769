using System.Net;
using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.DialectA;

public sealed class TrackerResponseTests
{
    [Fact]
    public void Every_response_can_be_read_back_and_is_well_formed_for_a_strict_parser() => RandomMessages.Check(
        r => r.TrackerResponse(),
        response => StrictXml.Accepts(TrackerCodec.WriteResponse(response))
            && MessageText.Of(Read.Ok(TrackerCodec.ReadResponse(TrackerCodec.WriteResponse(response)))) == MessageText.Of(response));

    [Fact]
    public void A_method_that_is_not_known_is_INVALID_SYNTAX_to_this_dialect() =>
        Assert.Contains("INVALID SYNTAX", Encoding.UTF8.GetString(TrackerCodec.WriteResponse(new TrackerResponse { Code = ResponseCode.MessageNotSupported })));

    [Theory]
    [InlineData("<Response>successful</Response>", ResponseCode.Ok)]
    [InlineData("<TransactionID/><Response> object\n not found </Response><Result>1</Result>", ResponseCode.ObjectNotFound)]
    public void Response_texts_are_read_liberally(string children, ResponseCode code) => Assert.Equal(code, Read.Ok(Response(children)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("<Response/>")]
    [InlineData("<Response>MAYBE</Response>")]
    [InlineData("<Method>CONNECT</Method>")]
    [InlineData("<Response>OK</Response><Method>CONNECT</Method>")]
    [InlineData("<Response>OK</Response><Response>OK</Response>")]
    [InlineData("<Response>OK</Response><PeerInfoList/><PeerInfoList/>")]
    public void What_is_no_response_is_refused(string children) => Read.Refused(Response(children));

    [Fact]
    public void Entries_that_cannot_be_read_are_left_out_and_the_rest_still_helps()
    {
        var response = Read.Ok(Response("""
            <Response>OK</Response><PeerInfoList>
              <PeerInfo/><PeerInfo><PeerID></PeerID></PeerInfo><Other/>
              <PeerInfo><PeerMode>SEED</PeerMode><PeerID>a</PeerID><EndPointRankCost>###</EndPointRankCost>
                <PeerAddresses><PeerAddress ip="fe80::1%2" port="1"/><PeerAddress ip="192.0.2.7" port="1"/><PeerAddress/></PeerAddresses>
              </PeerInfo>
              <PeerInfo><PeerID>b</PeerID><EndPointRankCost>-3</EndPointRankCost></PeerInfo>
            </PeerInfoList>
            """));
        Assert.Equal(["a SEED 0", "b  -3"], response.Peers!.Select(p => $"{p.PeerId} {p.PeerType} {p.EndPointRankCost}"));
        Assert.Equal([new PeerAddress(IPAddress.Parse("192.0.2.7"), 1)], response.Peers![0].Addresses);
    }

    [Fact]
    public void The_first_thousand_entries_and_32_addresses_of_each_are_read()
    {
        var addresses = string.Concat(Enumerable.Repeat("<PeerAddress ip='::1' port='1'/>", 40));
        var first = $"<PeerInfo><PeerID>0</PeerID><PeerAddresses>{addresses}</PeerAddresses></PeerInfo>";
        var peers = first + string.Concat(Enumerable.Range(1, 1200).Select(i => $"<PeerInfo><PeerID>{i}</PeerID></PeerInfo>"));

        var response = Read.Ok(Response($"<Response>OK</Response><PeerInfoList>{peers}</PeerInfoList>"));
        Assert.Equal((1000, "999", 32), (response.Peers!.Count, response.Peers[^1].PeerId.Value, response.Peers[0].Addresses.Count));
    }

    [Fact]
    public void A_scope_is_not_told_to_others_and_control_characters_are_not_written()
    {
        var peer = new PeerInfo { PeerId = Read.Peer("a"), Addresses = [new(IPAddress.Parse("fe80::1%3"), 1)] };
        var response = new TrackerResponse { Code = ResponseCode.Ok, Peers = [peer] };

        Assert.Contains("ip=\"fe80::1\"", Encoding.UTF8.GetString(TrackerCodec.WriteResponse(response)));
        Assert.Throws<ArgumentException>(() => TrackerCodec.WriteResponse(response with { Peers = [peer with { PeerLocation = "a\u0001" }] }));
    }

    private static Decoded<TrackerResponse> Response(string children) =>
        TrackerCodec.ReadResponse(Encoding.UTF8.GetBytes($"<PPSPTrackerProtocol version=\"1.0\">{children}</PPSPTrackerProtocol>"));
}
