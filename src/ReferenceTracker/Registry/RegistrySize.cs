namespace ReferenceTracker.Registry;

/// <summary>How much the registry holds.</summary>
/// <param name="Peers">Registered peers.</param>
/// <param name="Swarms">Known swarms, empty ones included.</param>
/// <param name="Memberships">Peers in swarms, a peer counted in each.</param>
/// <param name="MapBytes">Estimated memory of chunk maps and their index.</param>
/// <param name="HistoryRecords">History records.</param>
/// <param name="ExpiredPeers">Peers that fell silent, since the start.</param>
internal readonly record struct RegistrySize(
    int Peers, int Swarms, int Memberships, long MapBytes, int HistoryRecords, long ExpiredPeers);
