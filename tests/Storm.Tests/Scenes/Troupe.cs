using Storm.Tests.Films;
using Storm.Tests.Network;
using Storm.Tests.Players;

namespace Storm.Tests.Scenes;

/// <summary>Everybody whom an operation may make do something, and the luck that chooses.</summary>
internal sealed class Troupe
{
    public required Stage Stage { get; init; }

    public required Random Dice { get; init; }

    public required IReadOnlyList<Player> Players { get; init; }

    public Disk Disk => Stage.Disk;

    /// <summary>Makes the agent anew over the same folder.</summary>
    public required Func<Budget, Rooms> NewRooms { get; init; }

    /// <summary>Chunks leased from the store, to be looked at later.</summary>
    public List<Lease> Leases { get; } = [];

    /// <summary>Set when nobody may be asking for anything any more.</summary>
    public bool MustBeQuiet { get; set; }

    public IEnumerable<Player> Watching => Players.Where(p => p.Film is not null);

    public Film AnyFilm() => Film.Every[Dice.Next(Film.Every.Count)];

    /// <summary>One of many, or null when there is none.</summary>
    public T? Any<T>(IEnumerable<T> all)
        where T : class
    {
        var list = all.ToList();
        return list.Count == 0 ? null : list[Dice.Next(list.Count)];
    }

    public FarPeer AnyPeer() => Any(Stage.Network.Peers)!;
}
