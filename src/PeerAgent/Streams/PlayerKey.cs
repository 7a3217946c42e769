namespace PeerAgent.Streams;

/// <summary>
/// Tells players apart: by the id a player gives (<c>X-Player-Id</c> header or <c>player</c> query), else by address and
/// user agent.
/// </summary>
/// <param name="Value">The key; bounded in length.</param>
public readonly record struct PlayerKey(string Value)
{
    private const int MaxLength = 256;

    /// <summary>The player behind a request.</summary>
    public static PlayerKey Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var given = context.Request.Headers["X-Player-Id"].ToString();
        if (given.Length == 0)
        {
            given = context.Request.Query["player"].ToString();
        }

        return given.Length > 0
            ? new PlayerKey(Cut("id " + given))
            : new PlayerKey(Cut($"at {context.Connection.RemoteIpAddress} {context.Request.Headers.UserAgent}"));
    }

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength];
}
