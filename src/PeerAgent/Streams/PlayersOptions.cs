namespace PeerAgent.Streams;

/// <summary>When a player counts as gone, and how many there may be.</summary>
public sealed class PlayersOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Players";

    /// <summary>
    /// A player silent for so long has left the stream; 1 s to 1 day, default 60 s. Short: a paused player makes the agent
    /// leave the swarm and join again. Long: trackers list a peer that nobody uses.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most players of one stream that are told apart, 1 to 100,000. Default 1,000; further ones are served all the same.</summary>
    public int MaxPerStream { get; set; } = 1000;
}
