using System.Net;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Upload;

/// <summary>A peer that asked for chunks lately. Belongs to a <see cref="ChokeBoard"/>, which locks.</summary>
internal sealed class ChokeCandidate(Requester who, IPAddress from, long number)
{
    private const int MostSwarms = 16;

    private long _given;

    /// <summary>Who it is.</summary>
    public Requester Who => who;

    /// <summary>The address it asked from.</summary>
    public IPAddress From => from;

    /// <summary>Grows with every new candidate; decides between equals.</summary>
    public long Number => number;

    /// <summary>The swarms it asked in.</summary>
    public HashSet<SwarmId> Swarms { get; } = [];

    /// <summary>True while it is not served.</summary>
    public bool IsChoked { get; set; }

    /// <summary>The last round in which it asked.</summary>
    public long AskedIn { get; private set; }

    /// <summary>The last round in which it was served; 0 = none yet.</summary>
    public long ServedIn { get; set; }

    /// <summary>What it gave us: bytes of the last round, half of those of the round before, and so on.</summary>
    public long Credit { get; private set; }

    /// <summary>It asks.</summary>
    public void Asked(SwarmId swarmId, long round)
    {
        AskedIn = round;
        if (Swarms.Count < MostSwarms)
        {
            Swarms.Add(swarmId);
        }
    }

    /// <summary>Takes down what it has given us by now.</summary>
    /// <param name="bytes">Bytes of chunks received from it since the swarms were entered.</param>
    public void Gave(long bytes)
    {
        Credit = (Credit / 2) + Math.Max(0, bytes - _given);
        _given = bytes;
    }
}
