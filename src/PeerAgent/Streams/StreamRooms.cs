using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Upload;
using PeerAgent.Tracker.Sessions;

namespace PeerAgent.Streams;

/// <summary>The rooms of the agent that a stream needs.</summary>
/// <param name="Store">Where chunks lie.</param>
/// <param name="Swarms">Where chunks come from.</param>
/// <param name="Trackers">Being known.</param>
/// <param name="Players">When a player counts as gone.</param>
/// <param name="Upload">What peers may take.</param>
/// <param name="Time">The clock.</param>
public sealed record StreamRooms(
    ChunkStore Store,
    SwarmDirectory Swarms,
    TrackerSessions Trackers,
    IOptions<PlayersOptions> Players,
    UploadSettings Upload,
    TimeProvider Time);
