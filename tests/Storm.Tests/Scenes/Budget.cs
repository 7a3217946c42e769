namespace Storm.Tests.Scenes;

/// <summary>How much the store may keep.</summary>
internal sealed record Budget(long MaxBytes, long MemoryBytes)
{
    /// <summary>The smallest that settings allow: less than the films have.</summary>
    private const long Least = 1 << 20;

    /// <summary>Largest chunk that is taken; no film has a larger one.</summary>
    public const int LargestChunk = 8000;

    public static Budget Any(Random dice) =>
        new(dice.Next(3) == 0 ? 2 * Least : Least, dice.Next(4) switch { 0 => 2 * LargestChunk, 1 => 4 * LargestChunk, 2 => 10 * LargestChunk, _ => 400_000 });
}
