using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.DialectA;

/// <summary>
/// The example messages of draft-cruz-ppsp-http-tracker-protocol-01, sections 4.4 to 4.11, as printed: undeclared prefix,
/// misspelt element, missing last character of JOIN and LEAVE, ellipses.
/// </summary>
public sealed class PrintedMessagesTests
{
    public static TheoryData<string> Requests() => [.. GoldenFiles.Requests];

    public static TheoryData<string> Responses() => [.. GoldenFiles.Responses];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_printed_request_is_understood(string name)
    {
        var request = Read.Ok(TrackerCodec.ReadRequest(GoldenFiles.ReadPrinted(name)));

        Assert.Equal(Samples.Request(name).GetType(), request.GetType());
        Assert.Equal(("***", "***", "***", "7"), (
            request.PeerId.Value, request.Credentials.UserId?.Value, request.Credentials.AuthToken, request.TransactionId.Value));
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_printed_response_is_understood(string name)
    {
        var response = Read.Ok(TrackerCodec.ReadResponse(GoldenFiles.ReadPrinted(name)));

        Assert.Equal((ResponseCode.Ok, "7"), (response.Code, response.TransactionId?.Value));
        Assert.Equal(name.StartsWith("find", StringComparison.Ordinal) ? 1 : null, response.Peers?.Count);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_printed_request_with_values_reads_as_what_it_says(string name) =>
        Assert.Equal(MessageText.Of(Samples.Request(name)), MessageText.Of(Read.Ok(TrackerCodec.ReadRequest(GoldenFiles.Read("Filled", name)))));

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_printed_response_with_values_reads_as_what_it_says(string name) =>
        Assert.Equal(MessageText.Of(Samples.Response(name)), MessageText.Of(Read.Ok(TrackerCodec.ReadResponse(GoldenFiles.Read("Filled", name)))));

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_written_as_the_draft_prints_it(string name) =>
        Assert.Equal(Encoding.UTF8.GetString(GoldenFiles.Read("Written", name)), Encoding.UTF8.GetString(TrackerCodec.WriteRequest(Samples.Request(name))));

    [Theory]
    [InlineData("connect-response")]
    [InlineData("find-peer-response")]
    [InlineData("find-chunk-response")]
    public void A_response_is_written_as_the_draft_prints_it(string name) =>
        Assert.Equal(Encoding.UTF8.GetString(GoldenFiles.Read("Written", name)), Encoding.UTF8.GetString(TrackerCodec.WriteResponse(Samples.Response(name))));

    [Fact]
    public void The_holes_of_the_printed_text_are_no_numbers()
    {
        var refusal = Read.Refused(TrackerCodec.ReadRequest(GoldenFiles.Read("Printed", "connect-request")));

        Assert.Equal((ResponseCode.InvalidSyntax, "###"), (refusal.Code, refusal.TransactionId?.Value));
        Assert.Contains("version", refusal.Reason);
    }
}
