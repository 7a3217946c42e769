namespace PeerAgent.Swarm.Transfer;

/// <summary>How far ahead of its players the agent fetches.</summary>
public sealed class PlaybackOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Playback";

    /// <summary>
    /// What plays within this time is fetched in order, from the source that will be done first. Default 15 s; 0 fetches
    /// nothing before it is asked for.
    /// </summary>
    public TimeSpan Urgent { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What plays within this time is fetched too, the rarest in the swarm first. Default 2 min, at least <see cref="Urgent"/>.</summary>
    public TimeSpan Ahead { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Most chunks of the urgent part of one stream under way at a time. Default 8.</summary>
    public int MaxParallelUrgent { get; set; } = 8;

    /// <summary>Most chunks of the part behind it under way at a time, for one stream. Default 4; 0 fetches only the urgent part.</summary>
    public int MaxParallelAhead { get; set; } = 4;

    /// <summary>How long a chunk plays when the manifest does not say. Default 2 s.</summary>
    public TimeSpan UsualDuration { get; set; } = TimeSpan.FromSeconds(2);
}
