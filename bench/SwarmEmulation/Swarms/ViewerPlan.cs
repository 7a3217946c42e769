namespace SwarmEmulation.Swarms;

/// <summary>What a viewer does.</summary>
/// <param name="StartAfter">When it posts the manifest.</param>
/// <param name="Seeks">When, counted from its start, it goes to which chunk.</param>
internal sealed record ViewerPlan(TimeSpan StartAfter, IReadOnlyList<(TimeSpan At, int Chunk)> Seeks)
{
    /// <summary>How much a player keeps ahead.</summary>
    public static readonly TimeSpan Buffer = TimeSpan.FromSeconds(10);

    /// <summary>Plays from the beginning to the end.</summary>
    public static ViewerPlan Straight(double startAfter) => new(TimeSpan.FromSeconds(startAfter), []);

    /// <summary>Forward, back to something not seen yet, forward to near the end.</summary>
    public static ViewerPlan Seeking(double startAfter, int chunks, double chunkSeconds)
    {
        (TimeSpan, int) At(double when, double where) =>
            (TimeSpan.FromSeconds(when * chunks * chunkSeconds), (int)(where * chunks));
        return new ViewerPlan(TimeSpan.FromSeconds(startAfter), [At(0.1, 0.6), At(0.25, 0.35), At(0.4, 0.85)]);
    }
}
