using Storm.Tests.Scenes;

namespace Storm.Tests.Operations;

/// <summary>What happens to the store, to its folder, and to the agent as a whole.</summary>
internal static class StoreOperations
{
    private const int MostLeases = 8;

    public static IReadOnlyList<Operation> All { get; } =
    [
        Operation.Of(3, t => t.Disk.Flip(t.Dice)),
        Operation.Of(3, t => t.Disk.Truncate(t.Dice)),
        Operation.Of(3, t => t.Disk.Delete(t.Dice)),
        Operation.Of(1, t => t.Disk.Block(t.Dice)),
        Operation.Of(3, t => t.Disk.Unblock()),
        Operation.Of(2, Pin),
        new(5, LeaseAsync),
        new(2, ReopenAsync),
        new(1, RestartAsync),
    ];

    private static string? Pin(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Rooms.Parts) is not { } part)
        {
            return null;
        }

        part.Chunks.IsPinned = !part.Chunks.IsPinned;
        return $"{part.Film.SwarmId} {(part.Chunks.IsPinned ? "may not be evicted" : "may be evicted")}";
    }

    /// <summary>Somebody (a peer, say) begins to read a chunk, and takes its time.</summary>
    private static async Task<string?> LeaseAsync(Troupe troupe)
    {
        if (troupe.Leases.Count >= MostLeases || troupe.Any(troupe.Stage.Rooms.Parts) is not { } part)
        {
            return null;
        }

        var chunk = part.Film.All[troupe.Dice.Next(part.Film.All.Count)];
        if (await part.Chunks.OpenAsync(chunk, default) is not { } stored)
        {
            return null;
        }

        troupe.Leases.Add(new Lease(part.Film, chunk, stored));
        return $"{chunk} is leased";
    }

    private static async Task<string?> ReopenAsync(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Rooms.Parts) is not { } part)
        {
            return null;
        }

        await troupe.Stage.Rooms.CloseAsync(part.Film);
        troupe.Stage.Rooms.Open(part.Film, troupe.Dice);
        return $"{part.Film.SwarmId} is closed and opened again";
    }

    private static async Task<string?> RestartAsync(Troupe troupe)
    {
        await troupe.Stage.Rooms.DisposeAsync();
        troupe.Stage.Network.HangUp();
        var budget = Budget.Any(troupe.Dice);
        troupe.Stage.Rooms = troupe.NewRooms(budget);
        return $"the agent starts anew with {budget.MaxBytes} bytes of disk and {budget.MemoryBytes} of memory";
    }
}
