namespace Ppsp.Protocol.Messages;

/// <summary>The wire text and HTTP status of each <see cref="ResponseCode"/>: the one place that knows them.</summary>
public static class ResponseCodes
{
    private const int MaxTextLength = 256;

    private static readonly ResponseCode[] All = Enum.GetValues<ResponseCode>();

    /// <summary>The HTTP status that goes with a code (draft-cruz-ppsp-http-tracker-protocol-01, Table 2).</summary>
    public static int HttpStatus(this ResponseCode code) => code switch
    {
        ResponseCode.Ok => 200,
        ResponseCode.InvalidSyntax => 400,
        ResponseCode.MessageNotSupported => 400,
        ResponseCode.VersionNotSupported => 400,
        ResponseCode.AuthenticationRequired => 401,
        ResponseCode.MessageForbidden => 403,
        ResponseCode.ObjectNotFound => 404,
        ResponseCode.InternalError => 500,
        ResponseCode.TemporarilyOverloaded => 503,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a response code."),
    };

    /// <summary>The text in the <c>Response</c> element.</summary>
    public static string WireText(this ResponseCode code) => code switch
    {
        ResponseCode.Ok => "OK",
        ResponseCode.InvalidSyntax => "INVALID SYNTAX",
        ResponseCode.MessageNotSupported => "MESSAGE NOT SUPPORTED",
        ResponseCode.VersionNotSupported => "VERSION NOT SUPPORTED",
        ResponseCode.AuthenticationRequired => "AUTHENTICATION REQUIRED",
        ResponseCode.MessageForbidden => "MESSAGE FORBIDDEN",
        ResponseCode.ObjectNotFound => "OBJECT NOT FOUND",
        ResponseCode.InternalError => "INTERNAL ERROR",
        ResponseCode.TemporarilyOverloaded => "TEMPORARILY OVERLOADED",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a response code."),
    };

    /// <summary>
    /// Reads the text of a <c>Response</c> element: case and white space do not matter, <c>SUCCESSFUL</c> and
    /// <c>SUCCESSFULL</c> mean OK.
    /// </summary>
    public static bool TryParse(string? text, out ResponseCode code)
    {
        code = ResponseCode.Ok;
        if (text is null or { Length: > MaxTextLength })
        {
            return false;
        }

        if (text == "OK")
        {
            return true;
        }

        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Equals("SUCCESSFUL", StringComparison.OrdinalIgnoreCase)
            || words.Equals("SUCCESSFULL", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var candidate in All)
        {
            if (words.Equals(candidate.WireText(), StringComparison.OrdinalIgnoreCase))
            {
                code = candidate;
                return true;
            }
        }

        return false;
    }
}
