using Storm.Tests.Network;
using Storm.Tests.Scenes;

namespace Storm.Tests.Operations;

/// <summary>What happens to origins.</summary>
internal static class OriginOperations
{
    private static readonly Conduct[] Conducts = Enum.GetValues<Conduct>();

    public static IReadOnlyList<Operation> All { get; } =
    [
        Operation.Of(5, TurnBad),
        Operation.Of(6, Recover),
        Operation.Of(2, ChangePace),
    ];

    private static string? TurnBad(Troupe troupe)
    {
        var origin = troupe.Any(troupe.Stage.Network.Origins)!;
        origin.Nature.Conduct = Conducts[troupe.Dice.Next(Conducts.Length)];
        return $"origin {origin.Port}: {origin.Nature.Conduct}";
    }

    private static string? Recover(Troupe troupe)
    {
        if (troupe.Any(troupe.Stage.Network.Origins.Where(o => o.Nature.Conduct != Conduct.Honest)) is not { } origin)
        {
            return null;
        }

        origin.Nature.Conduct = Conduct.Honest;
        return $"origin {origin.Port} is honest again";
    }

    private static string ChangePace(Troupe troupe)
    {
        var origin = troupe.Any(troupe.Stage.Network.Origins)!;
        origin.Nature.BytesPerSecond = troupe.Dice.Next(3_000, 400_000);
        origin.Nature.Latency = TimeSpan.FromMilliseconds(troupe.Dice.Next(5, 900));
        return $"origin {origin.Port} has {origin.Nature.BytesPerSecond} B/s, {origin.Nature.Latency.TotalMilliseconds} ms";
    }
}
