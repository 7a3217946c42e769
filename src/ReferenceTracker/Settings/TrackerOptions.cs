namespace ReferenceTracker.Settings;

/// <summary>Everything that can be set, section <see cref="Section"/>.</summary>
public sealed class TrackerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "ReferenceTracker";

    /// <summary>Where the tracker listens: <c>http://ADDRESS:PORT</c>, port 0 = any free one. Default <c>http://0.0.0.0:7690</c>.</summary>
    public string Listen { get; set; } = "http://0.0.0.0:7690";

    /// <summary>Where the state lies. Default and only kind: <see cref="RegistryKind.Memory"/>.</summary>
    public RegistryKind Registry { get; set; } = RegistryKind.Memory;

    /// <summary>Who may speak.</summary>
    public AuthenticationOptions Authentication { get; set; } = new();

    /// <summary>How long peers live and how many are listed.</summary>
    public PeersOptions Peers { get; set; } = new();

    /// <summary>How swarms come and go.</summary>
    public SwarmsOptions Swarms { get; set; } = new();

    /// <summary>What strangers may use up.</summary>
    public LimitsOptions Limits { get; set; } = new();
}
