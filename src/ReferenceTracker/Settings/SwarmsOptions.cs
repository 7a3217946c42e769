using System.ComponentModel.DataAnnotations;

namespace ReferenceTracker.Settings;

/// <summary>Swarms, section <c>ReferenceTracker:Swarms</c>.</summary>
public sealed class SwarmsOptions
{
    /// <summary>Whether JOIN makes a swarm that is not known. Default true; false: such a JOIN gets <c>404</c>.</summary>
    public bool AutoCreate { get; set; } = true;

    /// <summary>How long a swarm without peers stays known. Default 10 minutes, 0 to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ErrorMessage = "must be from 00:00:00 to 30.00:00:00")]
    public TimeSpan EmptyRetention { get; set; } = TimeSpan.FromMinutes(10);
}
