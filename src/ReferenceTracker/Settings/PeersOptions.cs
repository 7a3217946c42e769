using System.ComponentModel.DataAnnotations;

namespace ReferenceTracker.Settings;

/// <summary>Peers, section <c>ReferenceTracker:Peers</c>.</summary>
public sealed class PeersOptions
{
    /// <summary>
    /// Silent for so long = gone. Default 90 s, 1 s to 1 day. Short: peers that lose one heartbeat vanish; long: lists
    /// name peers that are not there any more.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "must be from 00:00:01 to 1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Longest peer list. Default 30, 1 to 1000.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int ListSize { get; set; } = 30;
}
