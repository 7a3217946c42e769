using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.Messages;

public sealed class ResponseCodesTests
{
    public static TheoryData<ResponseCode> Codes() => [.. Enum.GetValues<ResponseCode>()];

    [Theory]
    [InlineData(ResponseCode.Ok, 200, "OK")]
    [InlineData(ResponseCode.InvalidSyntax, 400, "INVALID SYNTAX")]
    [InlineData(ResponseCode.MessageNotSupported, 400, "MESSAGE NOT SUPPORTED")]
    [InlineData(ResponseCode.VersionNotSupported, 400, "VERSION NOT SUPPORTED")]
    [InlineData(ResponseCode.AuthenticationRequired, 401, "AUTHENTICATION REQUIRED")]
    [InlineData(ResponseCode.MessageForbidden, 403, "MESSAGE FORBIDDEN")]
    [InlineData(ResponseCode.ObjectNotFound, 404, "OBJECT NOT FOUND")]
    [InlineData(ResponseCode.InternalError, 500, "INTERNAL ERROR")]
    [InlineData(ResponseCode.TemporarilyOverloaded, 503, "TEMPORARILY OVERLOADED")]
    public void A_code_has_the_status_and_the_text_of_the_drafts_table(ResponseCode code, int status, string text) =>
        Assert.Equal((status, text), (code.HttpStatus(), code.WireText()));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_can_be_read_back_whatever_the_case_and_white_space(ResponseCode code)
    {
        Assert.True(ResponseCodes.TryParse(code.WireText(), out var exact));
        Assert.True(ResponseCodes.TryParse($"\n {code.WireText().ToLowerInvariant().Replace(" ", " \t ", StringComparison.Ordinal)} ", out var loose));
        Assert.Equal((code, code), (exact, loose));
    }

    [Theory]
    [InlineData("SUCCESSFUL")]
    [InlineData("successfull")]
    [InlineData(" ok ")]
    public void Success_has_several_words(string text)
    {
        Assert.True(ResponseCodes.TryParse(text, out var code));
        Assert.Equal(ResponseCode.Ok, code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("InvalidSyntax")]
    [InlineData("OK OK")]
    public void Other_texts_are_no_code(string? text) => Assert.False(ResponseCodes.TryParse(text, out _));

    [Fact]
    public void A_number_that_is_no_code_is_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ResponseCode)99).HttpStatus());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ResponseCode)99).WireText());
    }
}
