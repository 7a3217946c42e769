namespace PeerAgent.Identity;

/// <summary>Who the agent is towards trackers. What is not given is made once and kept in the state folder.</summary>
public sealed class IdentityOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Identity";

    /// <summary>The PeerID, 1 to 256 characters, or null for the kept one.</summary>
    public string? PeerId { get; set; }

    /// <summary>The UserID, or null.</summary>
    public string? UserId { get; set; }

    /// <summary>The bearer token that goes with the UserID, or null. Never logged.</summary>
    public string? AuthToken { get; set; }
}
