namespace Storm.Tests.Running;

/// <summary>How a run went.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Operations">How many operations were done.</param>
/// <param name="Trouble">What was found and what had happened before, or null when all was well.</param>
internal sealed record StormResult(int Seed, int Operations, string? Trouble)
{
    /// <summary>Chunks that players got.</summary>
    public long Got { get; init; }

    /// <summary>Waits that ended without a chunk.</summary>
    public long Missed { get; init; }

    /// <summary>Requests for chunks at peers.</summary>
    public long Asked { get; init; }

    /// <summary>Requests at origins.</summary>
    public long AskedOrigins { get; init; }

    /// <summary>Time that passed on the run's clock.</summary>
    public TimeSpan Lasted { get; init; }

    public override string ToString() =>
        $"seed {Seed}: {Operations} operations in {Lasted.TotalSeconds:0} s of its clock, {Got} chunks, {Missed} missed, {Asked} requests, {AskedOrigins} at origins"
        + (Trouble is null ? "" : $"\n{Trouble}");
}
