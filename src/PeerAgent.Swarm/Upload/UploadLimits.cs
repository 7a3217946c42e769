namespace PeerAgent.Swarm.Upload;

/// <summary>What other peers may take from us. A value; <see cref="UploadSettings"/> holds the one in force.</summary>
/// <param name="Enabled">False: nothing is sent to peers, and nothing is announced.</param>
/// <param name="Slots">Chunks sent at a time, 1 to <see cref="MostSlots"/>.</param>
/// <param name="MaxBytesPerSecond">Bytes a second, all peers together, at least <see cref="LowestRate"/>; null for no limit.</param>
/// <param name="MaxBytesPerSecondPerPeer">Bytes a second to one address, at least <see cref="LowestRate"/>; null for no limit.</param>
public sealed record UploadLimits(bool Enabled, int Slots, long? MaxBytesPerSecond, long? MaxBytesPerSecondPerPeer)
{
    /// <summary>Most slots there may be.</summary>
    public const int MostSlots = 4096;

    /// <summary>Lowest rate there may be, bytes a second.</summary>
    public const long LowestRate = 1024;

    /// <summary>The limits that options ask for.</summary>
    public static UploadLimits Of(UploadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new UploadLimits(options.Enabled, options.Slots, options.MaxBytesPerSecond, options.MaxBytesPerSecondPerPeer);
    }

    /// <summary>What is wrong with the values, a sentence each; empty when nothing is.</summary>
    /// <param name="nameOf">How a value is called where it comes from, by the name of its property here.</param>
    public IReadOnlyList<string> Errors(Func<string, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        var errors = new List<string>();
        if (Slots is < 1 or > MostSlots)
        {
            errors.Add($"{nameOf(nameof(Slots))} is {Slots}; it must be from 1 to {MostSlots}. "
                + $"To upload nothing set {nameOf(nameof(Enabled))} to false.");
        }

        Check(nameof(MaxBytesPerSecond), MaxBytesPerSecond);
        Check(nameof(MaxBytesPerSecondPerPeer), MaxBytesPerSecondPerPeer);
        return errors;

        void Check(string name, long? rate)
        {
            if (rate < LowestRate)
            {
                errors.Add($"{nameOf(name)} is {rate}; it must be at least {LowestRate}, or not be set at all.");
            }
        }
    }
}
