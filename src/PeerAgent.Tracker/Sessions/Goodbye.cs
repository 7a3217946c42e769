namespace PeerAgent.Tracker.Sessions;

/// <summary>The time a session has for its last messages. Times are those of the session's clock.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Window">How long it may take in all.</param>
internal sealed record Goodbye(TimeSpan StartedAt, TimeSpan Window)
{
    /// <summary>How long a goodbye may take when nobody is in a hurry.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>A tracker that does not answer one LEAVE is not sent more of them.</summary>
    public bool SkipsLeaves { get; set; }

    /// <summary>Until then the message under way may end in peace.</summary>
    public TimeSpan GraceEndsAt => StartedAt + (Window / 4 < LongestGrace ? Window / 4 : LongestGrace);

    /// <summary>From then on only DISCONNECT is sent, which takes the peer out of all swarms.</summary>
    public TimeSpan LeavesEndAt => StartedAt + (Window * 0.6);

    /// <summary>Then it is over, answered or not.</summary>
    public TimeSpan EndsAt => StartedAt + Window;
}
