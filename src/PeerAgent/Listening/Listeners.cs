using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PeerAgent.Listening;

/// <summary>
/// The agent's two doors: opened once, each connection marked with the door it came through, and the ports that were
/// really bound known once the server runs.
/// </summary>
public sealed class Listeners
{
    private readonly List<(Listener Door, ListenOptions Options)> _open = [];

    /// <summary>The endpoints bound for a door; with real ports once the server has started.</summary>
    public IReadOnlyList<IPEndPoint> this[Listener door] =>
        [.. _open.Where(o => o.Door == door).Select(o => o.Options.IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 0))];

    /// <summary>The first URL of a door as a program on this machine would use it, ending in a slash.</summary>
    public Uri LocalUrl(Listener door)
    {
        var endpoint = this[door][0];
        return new ListenAddress(endpoint.Address, endpoint.Port).LocalUrl();
    }

    /// <summary>Opens a door at each of its addresses, which were validated before.</summary>
    internal void Open(KestrelServerOptions server, Listener door, string listen)
    {
        ListenAddress.ParseAll(listen, out var addresses);
        foreach (var address in addresses)
        {
            if (address.Address is { } ip)
            {
                server.Listen(ip, address.Port, options => Mark(options, door));
            }
            else
            {
                server.Listen(IPAddress.Loopback, address.Port, options => Mark(options, door));
                if (System.Net.Sockets.Socket.OSSupportsIPv6)
                {
                    server.Listen(IPAddress.IPv6Loopback, address.Port, options => Mark(options, door));
                }
            }
        }
    }

    /// <summary>The door a request came in through.</summary>
    internal static Listener DoorOf(HttpContext context) => context.Features.Get<Door>()?.Listener ?? Listener.Players;

    private void Mark(ListenOptions options, Listener door)
    {
        _open.Add((door, options));
        var mark = new Door(door);
        options.Use(next => connection =>
        {
            connection.Features.Set(mark);
            return next(connection);
        });
    }

    private sealed record Door(Listener Listener);
}
