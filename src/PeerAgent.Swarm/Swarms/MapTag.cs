using System.Security.Cryptography;

namespace PeerAgent.Swarm.Swarms;

/// <summary>Gives snapshots entity tags: the same one as long as the snapshot is the same object. Safe for concurrent use.</summary>
internal sealed class MapTag
{
    private readonly Lock _gate = new();
    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private object? _snapshot;
    private long _number;

    /// <summary>The entity tag of a snapshot, as it stands in a header; weak, for no two answers carry the same TransactionID.</summary>
    public string Of(object snapshot)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_snapshot, snapshot))
            {
                _snapshot = snapshot;
                _number++;
            }

            return $"W/\"{_run}-{_number}\"";
        }
    }
}
