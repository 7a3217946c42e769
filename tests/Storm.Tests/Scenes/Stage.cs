using Ppsp.Protocol.Chunks;
using Storm.Tests.Checks;
using Storm.Tests.Network;
using Storm.Tests.Players;

namespace Storm.Tests.Scenes;

/// <summary>What a run is made of, as those who act in it see it.</summary>
internal sealed class Stage(ManualTime time, FarNetwork network, string folder, Findings findings)
{
    /// <summary>After so long an honest peer is known, and forgiven what it did before.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(75);

    /// <summary>With less time than this a chunk may be late.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(6);

    public ManualTime Time => time;

    public FarNetwork Network => network;

    /// <summary>The state folder.</summary>
    public string Folder => folder;

    /// <summary>The same folder as others see it.</summary>
    public Disk Disk { get; } = new(folder);

    public TimeSpan Now => network.Now;

    public Findings Findings => findings;

    public Waiting Waiting { get; } = new();

    /// <summary>The agent; another one after each restart.</summary>
    public required Rooms Rooms { get; set; }

    /// <summary>A peer that was there, honest and quick, and held the chunk, so long that the chunk had to come; or null.</summary>
    public FarPeer? Promised(Part part, ChunkId chunk, TimeSpan started, TimeSpan deadline) =>
        deadline.TotalSeconds < Enough.TotalSeconds * part.Film.Plan.Patience || part.IsClosed || started - part.Since < Enough
            ? null
            : network.Peers.FirstOrDefault(p => p.SteadySince is { } since && started - since >= Forgiven && p.Holds(part.Film, chunk) && HoldsNeed(p, part, chunk));

    private static bool HoldsNeed(FarPeer peer, Part part, ChunkId chunk) =>
        part.Film.NeedOf(chunk) is not { } need || peer.Holds(part.Film, need);
}
