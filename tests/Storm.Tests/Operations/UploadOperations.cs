using System.Net;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Storm.Tests.Films;
using Storm.Tests.Scenes;
using Storm.Tests.Takers;

namespace Storm.Tests.Operations;

/// <summary>What peers want of us, and what we let them have.</summary>
internal static class UploadOperations
{
    private const int MostTakers = 20;
    private const int Strangers = 6;
    private const int Looks = 8;

    public static IReadOnlyList<Operation> All { get; } =
    [
        Operation.Of(20, Take),
        Operation.Of(3, Leave),
        Operation.Of(1, ChangeLimits),
        Operation.Of(2, Choke),
    ];

    private static string? Take(Troupe troupe)
    {
        var rooms = troupe.Stage.Rooms;
        if (rooms.Takings.Count >= MostTakers || troupe.Any(rooms.Parts) is not { } part)
        {
            return null;
        }

        var film = part.Film;
        var chunk = film.All[troupe.Dice.Next(film.All.Count)];
        for (var i = 0; i < Looks && !part.Chunks.Contains(chunk); i++)
        {
            chunk = film.All[troupe.Dice.Next(film.All.Count)];
        }

        var plan = Plan(troupe, film, chunk);
        rooms.Take(plan);
        return $"{plan.PeerId} at {plan.Address} takes {chunk}, {(part.Chunks.Contains(chunk) ? "held" : "not held")}";
    }

    private static TakingPlan Plan(Troupe troupe, Film film, ChunkId chunk)
    {
        var dice = troupe.Dice;
        var peer = troupe.AnyPeer();
        var stranger = dice.Next(1, Strangers);
        var isStranger = dice.Next(3) == 0;
        var length = film.BytesOf(chunk).Length;
        var from = dice.Next(length);
        return new TakingPlan(
            film,
            chunk,
            isStranger && PeerId.TryParse($"stranger-{stranger}", out var id) ? id : peer.Id,
            isStranger ? new IPAddress([10, 9, 0, (byte)(stranger / 2)]) : peer.Info.Addresses[0].Address)
        {
            IsRaw = dice.Next(4) > 0,
            Range = dice.Next(4) == 0 ? (from, dice.Next(from, length)) : null,
            BytesPerSecond = dice.Next(1_000, 400_000),
            StopsAfter = dice.Next(5) == 0 ? dice.Next(length) : null,
            Leaves = dice.Next(2) == 0,
        };
    }

    private static string? Leave(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Rooms.Takings) is not { } taking)
        {
            return null;
        }

        taking.Abort();
        return $"{taking.Plan.PeerId} takes no more of {taking.Plan.Chunk}";
    }

    private static string ChangeLimits(Troupe troupe)
    {
        var dice = troupe.Dice;
        var limits = new UploadLimits(
            dice.Next(5) > 0,
            dice.Next(1, Rooms.LargestSlots + 1),
            dice.Next(2) == 0 ? null : dice.Next(2_000, 200_000),
            dice.Next(3) == 0 ? dice.Next(2_000, 100_000) : null);
        foreach (var error in troupe.Stage.Rooms.UploadSettings.Change(_ => limits, name => name))
        {
            troupe.Stage.Findings.Add(error);
        }

        return $"{limits}";
    }

    private static string? Choke(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Rooms.Parts) is not { } part)
        {
            return null;
        }

        var (peer, chokes) = (troupe.AnyPeer(), troupe.Dice.Next(2) == 0);
        troupe.Stage.Rooms.Choke(part, peer.Id, chokes);
        return $"{peer.Id} is {(chokes ? "choked" : "unchoked")} in {part.Film.SwarmId}";
    }
}
