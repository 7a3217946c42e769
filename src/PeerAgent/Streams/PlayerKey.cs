using Microsoft.AspNetCore.Connections.Features;

namespace PeerAgent.Streams;

/// <summary>
/// Tells players apart: by the id a player gives (<c>X-Player-Id</c> header or <c>player</c> query), else by address and
/// user agent.
/// </summary>
/// <param name="Value">The key; bounded in length.</param>
public readonly record struct PlayerKey(string Value)
{
    private const int MaxLength = 256;

    private static readonly object ItemKey = new();

    /// <summary>The player behind a request.</summary>
    public static PlayerKey Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var given = context.Request.Headers["X-Player-Id"].ToString();
        if (given.Length == 0 && context.Request.QueryString.HasValue)
        {
            given = context.Request.Query["player"].ToString();
        }

        return given.Length > 0 ? new PlayerKey(Cut("id " + given)) : ByConnection(context);
    }

    /// <summary>By address and user agent; kept with the connection, as it is asked for with every chunk.</summary>
    private static PlayerKey ByConnection(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        var items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is not null && items.TryGetValue(ItemKey, out var item) && item is Remembered known && known.Agent == agent)
        {
            return known.Key;
        }

        var key = new PlayerKey(Cut($"at {context.Connection.RemoteIpAddress} {agent}"));
        if (items is not null)
        {
            items[ItemKey] = new Remembered(agent, key);
        }

        return key;
    }

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength];

    private sealed record Remembered(string Agent, PlayerKey Key);
}
