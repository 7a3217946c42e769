using Ppsp.Protocol.Xml;

namespace PeerAgent.Tracker.Trackers;

/// <summary>How the agent talks to trackers.</summary>
public sealed class TrackerOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "PeerAgent:Tracker";

    /// <summary>Longest wait for one attempt, body included. Default 3 s; 50 ms to 2 min.</summary>
    /// <value>Too short cuts slow trackers off; too long delays the change to the next tracker.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a request is repeated after a failed attempt. Default 3; 0 to 10, 0 = one attempt only.</summary>
    /// <value>
    /// A request has <see cref="RequestTimeout"/> times (1 + retries) in all, waits between attempts and
    /// <c>Retry-After</c> included.
    /// </value>
    public int Retries { get; set; } = 3;

    /// <summary>A KEEPALIVE goes out when nothing else was sent for so long. Default 30 s; 100 ms to 1 h.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time from one STAT_REPORT to the next. Default 10 s; 100 ms to 1 h.</summary>
    public TimeSpan StatReportInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A better tracker is tried again no more often than this while a worse one serves. Default 60 s; 100 ms to 24 h.
    /// </summary>
    public TimeSpan FailbackInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest answer that is read, in bytes, after decompression. Default 1 MiB; 1 KiB to 1 MiB.</summary>
    public int MaxResponseBytes { get; set; } = XmlBody.MaxBytes;

    /// <summary>All the time one request may take, its retries included.</summary>
    internal TimeSpan RequestBudget => RequestTimeout * (Retries + 1);
}
