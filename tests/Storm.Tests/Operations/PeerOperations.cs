using Ppsp.Protocol.Peering;
using Storm.Tests.Network;
using Storm.Tests.Scenes;

namespace Storm.Tests.Operations;

/// <summary>What happens to peers and trackers.</summary>
internal static class PeerOperations
{
    private static readonly Conduct[] Conducts = Enum.GetValues<Conduct>();

    public static IReadOnlyList<Operation> All { get; } =
    [
        Operation.Of(8, Kill),
        Operation.Of(10, Revive),
        Operation.Of(8, TurnBad),
        Operation.Of(8, Gain),
        Operation.Of(3, Drop),
        Operation.Of(2, Boast),
        Operation.Of(4, ChangePace),
        Operation.Of(3, TellOfPeers),
        Operation.Of(3, Choke),
        Operation.Of(2, Trackers),
    ];

    private static string Kill(Troupe troupe)
    {
        var peer = troupe.AnyPeer();
        Set(troupe, peer, Conduct.Gone);
        return $"{peer.Id} vanishes";
    }

    private static string? Revive(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Network.Peers.Where(p => p.Conduct != Conduct.Honest)) is not { } peer)
        {
            return null;
        }

        Set(troupe, peer, Conduct.Honest);
        return $"{peer.Id} is honest again";
    }

    private static string TurnBad(Troupe troupe)
    {
        var peer = troupe.AnyPeer();
        var conduct = Conducts[troupe.Dice.Next(Conducts.Length)];
        Set(troupe, peer, conduct);
        return $"{peer.Id}: {conduct}";
    }

    private static string Gain(Troupe troupe)
    {
        var (peer, film) = (troupe.AnyPeer(), troupe.AnyFilm());
        var (from, count) = (troupe.Dice.Next(film.All.Count), troupe.Dice.Next(1, 60));
        peer.Hold(film, film.All.Skip(from).Take(count));
        return $"{peer.Id} gets {count} chunks of {film.SwarmId}";
    }

    private static string Drop(Troupe troupe)
    {
        var (peer, film) = (troupe.AnyPeer(), troupe.AnyFilm());
        peer.SteadySince = null;
        peer.Drop(film, troupe.Dice.Next(2, 5));
        return $"{peer.Id} throws chunks of {film.SwarmId} away";
    }

    private static string Boast(Troupe troupe)
    {
        var peer = troupe.AnyPeer();
        peer.Boasts = !peer.Boasts;
        peer.SteadySince = null;
        peer.Changed();
        return $"{peer.Id} {(peer.Boasts ? "says it holds everything" : "says what it holds")}";
    }

    private static string ChangePace(Troupe troupe)
    {
        var peer = troupe.AnyPeer();
        peer.SteadySince = null;
        peer.BytesPerSecond = troupe.Dice.Next(3_000, 200_000);
        peer.Latency = TimeSpan.FromMilliseconds(troupe.Dice.Next(5, 900));
        return $"{peer.Id} has {peer.BytesPerSecond} B/s, {peer.Latency.TotalMilliseconds} ms";
    }

    private static string TellOfPeers(Troupe troupe)
    {
        foreach (var part in troupe.Stage.Rooms.Parts)
        {
            part.Stream.PeersFound([.. troupe.Stage.Network.Peers.Select(p => p.Info)]);
        }

        return "trackers tell of all peers";
    }

    private static string? Choke(Troupe troupe)
    {
        var peer = troupe.AnyPeer();
        if (troupe.Any(troupe.Stage.Rooms.Parts) is not { } part)
        {
            return null;
        }

        var chokes = troupe.Dice.Next(2) == 0;
        peer.SteadySince = null;
        part.Stream.StatusReceived(peer.Id, peer.Info.Addresses[0].Address, chokes ? PeerStatusRequest.Choke : PeerStatusRequest.Unchoke);
        return $"{peer.Id} {(chokes ? "chokes" : "unchokes")} us in {part.Film.SwarmId}";
    }

    private static string? Trackers(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Rooms.Parts) is not { } part)
        {
            return null;
        }

        part.Tracker.IsDown = !part.Tracker.IsDown;
        return $"the trackers of {part.Film.SwarmId} are {(part.Tracker.IsDown ? "down" : "up")}";
    }

    private static void Set(Troupe troupe, FarPeer peer, Conduct conduct)
    {
        if (peer.Conduct == conduct)
        {
            return;
        }

        peer.Conduct = conduct;
        peer.SteadySince = conduct == Conduct.Honest && peer is { BytesPerSecond: > 20_000, Boasts: false } && peer.Latency < TimeSpan.FromMilliseconds(300)
            ? troupe.Stage.Now
            : null;
    }
}
