namespace Storm.Tests.Scenes;

/// <summary>How much the store may keep.</summary>
internal sealed record Budget(long MaxBytes, long MemoryBytes)
{
    /// <summary>The smallest that settings allow: less than the films have.</summary>
    private const long Least = 1 << 20;

    public static Budget Any(Random dice) =>
        new(dice.Next(3) == 0 ? 2 * Least : Least, dice.Next(4) switch { 0 => 0, 1 => 12_000, 2 => 60_000, _ => 400_000 });
}
