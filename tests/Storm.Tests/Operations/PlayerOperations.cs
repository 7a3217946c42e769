using Storm.Tests.Scenes;

namespace Storm.Tests.Operations;

/// <summary>What players do.</summary>
internal static class PlayerOperations
{
    /// <summary>A weight of 1 is still too often, for what follows takes long.</summary>
    private const int EverybodySeldom = 8;

    public static IReadOnlyList<Operation> All { get; } =
    [
        Operation.Of(20, Play),
        Operation.Of(20, Seek),
        Operation.Of(12, Leave),
        Operation.Of(15, ChangeLevel),
        Operation.Of(4, Gather),
        Operation.Of(1, EverybodyLeaves),
    ];

    private static string? Play(Troupe troupe)
    {
        if (troupe.Any(troupe.Players.Where(p => p.Film is null)) is not { } player)
        {
            return null;
        }

        var film = troupe.AnyFilm();
        var (level, from) = (troupe.Dice.Next(film.Levels), troupe.Dice.Next(film.Count));
        player.Play(film, level, from);
        return $"{player.Name} plays {film.SwarmId} L{level} from {from}";
    }

    private static string? Seek(Troupe troupe)
    {
        if (troupe.Any(troupe.Watching) is not { Film: { } film } player)
        {
            return null;
        }

        var (to, drops) = (troupe.Dice.Next(film.Count), troupe.Dice.Next(2) == 0);
        player.Seek(to, drops);
        return $"{player.Name} seeks to {to}{(drops ? " and drops its request" : "")}";
    }

    private static string? Leave(Troupe troupe)
    {
        if (troupe.Any(troupe.Watching) is not { } player)
        {
            return null;
        }

        player.Leave();
        return $"{player.Name} leaves";
    }

    private static string? ChangeLevel(Troupe troupe)
    {
        if (troupe.Any(troupe.Watching) is not { Film: { } film } player)
        {
            return null;
        }

        player.Level = troupe.Dice.Next(film.Levels);
        return $"{player.Name} changes to L{player.Level}";
    }

    /// <summary>Everybody who watches the film of one comes to the same place.</summary>
    private static string? Gather(Troupe troupe)
    {
        if (troupe.Any(troupe.Watching) is not { Film: { } film })
        {
            return null;
        }

        var (to, level) = (troupe.Dice.Next(film.Count), troupe.Dice.Next(film.Levels));
        foreach (var player in troupe.Watching.Where(p => p.Film == film))
        {
            player.Level = level;
            player.Seek(to, dropsRequest: true);
        }

        return $"everybody in {film.SwarmId} goes to L{level}/{to}";
    }

    private static string? EverybodyLeaves(Troupe troupe)
    {
        if (troupe.Dice.Next(EverybodySeldom) > 0)
        {
            return null;
        }

        foreach (var player in troupe.Watching.ToList())
        {
            player.Leave();
        }

        troupe.MustBeQuiet = true;
        return "everybody leaves";
    }
}
