using TestSupport.Links;

namespace SwarmEmulation.Swarms;

/// <summary>Who takes part in a swarm. Rates are multiples of the film's bitrate.</summary>
internal sealed record Scenario
{
    /// <summary>Its line in the table.</summary>
    public required string Name { get; init; }

    /// <summary>The origin's line, or null for no origin.</summary>
    public LinkShape? Origin { get; init; }

    /// <summary>The lines of peers that have everything and watch nothing.</summary>
    public IReadOnlyList<LinkShape> Holders { get; init; } = [];

    /// <summary>Peers that are of no use.</summary>
    public IReadOnlyList<Badness> Bad { get; init; } = [];

    /// <summary>Who watches, and over which line they give to others.</summary>
    public required IReadOnlyList<(ViewerPlan Plan, LinkShape Line)> Viewers { get; init; }

    /// <summary>How many swarms like that, apart from each other, make one line of the table.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>The share of bytes that could come from peers at best.</summary>
    public double Ceiling { get; init; } = 1;
}
