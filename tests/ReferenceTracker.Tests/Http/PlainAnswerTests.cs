using System.IO.Pipelines;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Http;

namespace ReferenceTracker.Tests.Http;

public sealed class PlainAnswerTests
{
    public static TheoryData<ResponseCode> Codes() => [.. Enum.GetValues<ResponseCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task It_has_the_bytes_that_the_codec_writes(ResponseCode code)
    {
        var response = new TrackerResponse { Code = code, TransactionId = RunningTracker.Transaction("0-a.Z:_9".Replace("_", "", StringComparison.Ordinal)) };
        Assert.True(PlainAnswer.TryFind(response, out var answer));
        using var target = new MemoryStream();
        await answer.WriteAsync(PipeWriter.Create(target));
        Assert.Equal(TrackerCodec.WriteResponse(response), target.ToArray());
        Assert.Equal(answer.Length, target.Length);
    }

    [Theory]
    [InlineData("a&b")]
    [InlineData("<")]
    [InlineData("ä")]
    public void An_identifier_that_may_need_escaping_is_left_to_the_codec(string transaction) =>
        Assert.False(PlainAnswer.TryFind(
            new TrackerResponse { Code = ResponseCode.Ok, TransactionId = RunningTracker.Transaction(transaction) }, out _));

    [Fact]
    public void An_answer_without_transaction_or_with_a_list_is_left_to_the_codec()
    {
        Assert.False(PlainAnswer.TryFind(new TrackerResponse { Code = ResponseCode.Ok }, out _));
        Assert.False(PlainAnswer.TryFind(
            new TrackerResponse { Code = ResponseCode.Ok, TransactionId = RunningTracker.Transaction("1"), Peers = [] }, out _));
    }
}
