using Storm.Tests.Films;

namespace Storm.Tests.Scenes;

/// <summary>How much the store may keep.</summary>
internal sealed record Budget(long MaxBytes, long MemoryBytes)
{
    /// <summary>The smallest that settings allow: less than the films have.</summary>
    private const long Least = 1 << 20;

    /// <summary>Largest chunk that is taken; no film has a larger one.</summary>
    public const int LargestChunk = 100_000;

    private const int UsualChunk = 8000;

    public static Budget Any(Random dice) =>
        new(dice.Next(3) == 0 ? 2 * Least : Least, dice.Next(5) switch
        {
            0 => 2 * UsualChunk,
            1 => 4 * UsualChunk,
            2 => 10 * UsualChunk,
            3 => 4 * LargestChunk,
            _ => 12 * LargestChunk,
        });

    /// <summary>True when memory is large enough for the chunks of a film.</summary>
    public bool Fits(Film film) => film.Plan.Largest <= MemoryBytes / 2;
}
