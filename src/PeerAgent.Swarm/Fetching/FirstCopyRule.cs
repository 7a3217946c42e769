using PeerAgent.Swarm.Sources;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Which peer gets a chunk first that none has but those who have everything, or an origin: before any player needs it, peers
/// that play the same part of a stream agree on that without a word, by the highest number drawn from their PeerID and the chunk
/// (rendezvous hashing). So an origin or a seeder gives each chunk once, to another peer each time, and the lines of all of
/// them, not only of who is in front, spread it. Where peers do not know of each other, two get it, or nobody before it is needed.
/// </summary>
internal sealed class FirstCopyRule(FetchSite site)
{
    /// <summary>Others are told that it is needed in so long: many wait for that copy.</summary>
    public static readonly TimeSpan Needed = TimeSpan.FromSeconds(2);

    /// <summary>How far back chunks are looked for to tell who plays the same part.</summary>
    private const int Back = 64;

    /// <summary>A player's buffer is longer than so many chunks.</summary>
    private const int Step = 4;

    private readonly ulong _self = HashOf(site.Parts.Self.PeerId.Value);

    private TimeSpan Ahead => site.Parts.Playback.Urgent * 3;

    /// <summary>True when no player has the chunk, others play the same part, and of all of them it is our turn.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="due">When our player plays it; what it plays much later is nobody's turn yet.</param>
    /// <param name="now">The time.</param>
    public bool IsOurs(ChunkId chunk, TimeSpan due, TimeSpan now) =>
        due - now <= Ahead && site.IsUsual(chunk) && site.Parts.MaySend(site.Chunks.Layout.Stream) && IsOurTurn(chunk, now);

    private bool IsOurTurn(ChunkId chunk, TimeSpan now)
    {
        var level = HashOf(chunk.Level.ToString());
        var ours = Draw(_self, level, chunk.Index);
        var hasCompany = false;
        foreach (var peer in site.Directory.Peers.Where(p => !HasEverything(p)))
        {
            if (peer.MayHold(chunk))
            {
                return false;
            }

            if (PlaysNear(peer, chunk, now))
            {
                hasCompany = true;
                if (Draw(HashOf(peer.Id.Value), level, chunk.Index) > ours)
                {
                    return false;
                }
            }
        }

        return hasCompany;
    }

    /// <summary>True for a seeder: whoever has all has no use for a turn.</summary>
    private bool HasEverything(Peer peer) =>
        peer.Holdings.IsKnown ? peer.Holdings.Count >= site.Chunks.Layout.ChunkCount : peer.IsSeed;

    private static bool PlaysNear(Peer peer, ChunkId chunk, TimeSpan now)
    {
        if (!peer.Holdings.IsKnown || peer.Poll.Failures > 0 || peer.Health.StateAt(now) is SourceState.Banned or SourceState.Resting)
        {
            return false;
        }

        for (var back = 1; back <= Back && back <= chunk.Index; back += Step)
        {
            if (peer.Holdings.Contains(chunk with { Index = chunk.Index - back }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A number that all peers find alike, as good as drawn: the finaliser of SplitMix64 over the two hashes and the index.</summary>
    private static ulong Draw(ulong peer, ulong level, long index)
    {
        var x = unchecked(peer ^ (level * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xD1B54A32D192ED03));
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EB);
        return x ^ (x >> 31);
    }

    /// <summary>FNV-1a, 64 bit, over the text's UTF-16 units.</summary>
    private static ulong HashOf(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var unit in text)
        {
            hash = unchecked((hash ^ unit) * 0x100000001B3);
        }

        return hash;
    }
}
