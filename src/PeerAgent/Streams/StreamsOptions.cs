namespace PeerAgent.Streams;

/// <summary>How many streams the agent knows.</summary>
public sealed class StreamsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Streams";

    /// <summary>Most streams at a time, 1 to 100,000; the one unused for longest makes room. Default 1,000.</summary>
    public int Max { get; set; } = 1000;
}
