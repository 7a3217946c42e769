using System.Net;

namespace PeerAgent.Swarm.Upload;

/// <summary>Knows whether a host is alone in asking. Two are remembered, which is enough. Not safe for concurrent use.</summary>
internal sealed class RecentHosts
{
    /// <summary>How long a host counts after it asked.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private (IPAddress? Host, TimeSpan At) _last;
    private (IPAddress? Host, TimeSpan At) _before;

    /// <summary>A host asks.</summary>
    public void Asked(IPAddress host, TimeSpan now)
    {
        if (!host.Equals(_last.Host))
        {
            _before = _last;
        }

        _last = (host, now);
    }

    /// <summary>True when another host asked lately.</summary>
    public bool AnyBut(IPAddress host, TimeSpan now) => Counts(_last, host, now) || Counts(_before, host, now);

    private static bool Counts((IPAddress? Host, TimeSpan At) seen, IPAddress host, TimeSpan now) =>
        seen.Host is not null && !seen.Host.Equals(host) && now - seen.At <= Memory;
}
