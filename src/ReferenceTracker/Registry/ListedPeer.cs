using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Registry;

/// <summary>What a list says about a peer, copied under the registry's lock and written out behind it.</summary>
internal readonly record struct ListedPeer(PeerId Id, CompactAddress[] Addresses, bool IsSeed, int Cost)
{
    /// <summary>Writes a list out, after touching all of it in a short loop: see <see cref="PeerSelection"/>.</summary>
    internal static PeerInfo[] ToPeerInfos(ListedPeer[] peers)
    {
        var touched = 0;
        foreach (var peer in peers)
        {
            touched += peer.Id.Value.Length + peer.Addresses.Length;
        }

        return touched == 0 ? [] : Array.ConvertAll(peers, p => p.ToPeerInfo());
    }

    private PeerInfo ToPeerInfo()
    {
        var addresses = new PeerAddress[Addresses.Length];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = Addresses[i].ToPeerAddress();
        }

        return new PeerInfo
        {
            PeerId = Id,
            PeerType = IsSeed ? PeerInfo.Seed : PeerInfo.Leech,
            Addresses = addresses,
            EndPointRankCost = Cost,
        };
    }
}
