using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Publishing;

/// <summary>What to make of a folder or a media file.</summary>
public sealed record PublishRequest
{
    /// <summary>Name of the clip with its path, for example <c>path/name</c>; see <see cref="ClipNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The trackers to name in the manifest, at least one.</summary>
    public required IReadOnlyList<TrackerReference> Trackers { get; init; }

    /// <summary>The swarm, or null: then it is derived from the name and the digests, the same for the same chunks.</summary>
    public SwarmId? SwarmId { get; init; }

    /// <summary>Origins to name in the manifest; may be empty.</summary>
    public IReadOnlyList<Origin> Origins { get; init; } = [];

    /// <summary>Levels to cut a media file into; empty = one level like the file. Not allowed for a folder.</summary>
    public IReadOnlyList<LevelSpec> Levels { get; init; } = [];

    /// <summary>How long one chunk of a media file plays; 2 s by default, 0.5 s to 60 s. No effect on a folder.</summary>
    public TimeSpan ChunkDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// True: the digests go into hash lists beside the chunks, however few there are. False: only when they would make the
    /// manifest too long.
    /// </summary>
    public bool UseHashLists { get; init; }

    /// <summary>Text for people, or null.</summary>
    public string? Description { get; init; }
}
