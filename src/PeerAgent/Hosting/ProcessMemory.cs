namespace PeerAgent.Hosting;

/// <summary>What the process takes of the machine's memory.</summary>
/// <param name="Bytes">Tells it, in bytes: what lies in memory now, programs and libraries included.</param>
internal sealed record ProcessMemory(Func<long> Bytes)
{
    /// <summary>As the system counts it.</summary>
    public static ProcessMemory OfSystem { get; } = new(() => Environment.WorkingSet);
}
