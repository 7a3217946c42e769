using SwarmEmulation.Agents;

namespace SwarmEmulation.Swarms;

/// <summary>What a viewer saw; times in milliseconds.</summary>
internal sealed class ViewerResult
{
    /// <summary>How long the POST took.</summary>
    public double Posted { get; set; }

    /// <summary>From the POST to the end of the first chunk.</summary>
    public double StartUp { get; set; }

    /// <summary>From each seek to the end of the chunk sought.</summary>
    public List<double> Seeks { get; } = [];

    /// <summary>From each request to its first byte.</summary>
    public List<double> FirstBytes { get; } = [];

    /// <summary>How often nothing was left to play.</summary>
    public int Stalls { get; set; }

    /// <summary>For how long in all.</summary>
    public double StalledFor { get; set; }

    /// <summary>Requests that the agent answered with an error.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it came to the end of the film.</summary>
    public bool Finished { get; set; }

    /// <summary>What its agent told in the end.</summary>
    public StreamState? State { get; set; }
}
