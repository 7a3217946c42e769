using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// What a GET_CHUNKMAP answer tells: every level, but only ranges of which something is held, and no more than a message
/// may carry. What is left out is served all the same to who asks for it.
/// </summary>
internal static class AnnouncedMaps
{
    /// <summary>Most bytes of bit maps in a message, before base64; the rest of the 1 MiB is for names and markup.</summary>
    private const int MaxBytes = 512 * 1024;

    /// <summary>Most levels in a message.</summary>
    private const int MaxLevels = 1000;

    /// <summary>What is told where nothing is sent: the levels, and no chunk.</summary>
    internal static IReadOnlyList<LevelMap> NothingOf(IReadOnlyList<LevelMap> maps) =>
        [.. maps.Take(MaxLevels).Select(level => level with { Segments = [] })];

    internal static IReadOnlyList<LevelMap> Of(IReadOnlyList<LevelMap> maps)
    {
        var segments = 0;
        var bytes = 0;
        return
        [
            .. maps.Take(MaxLevels).Select(level => level with { Segments = [.. level.Segments.Where(Fits)] }),
        ];

        bool Fits(ChunkMap map)
        {
            var size = ChunkMap.ByteLength(map.Length);
            if (map.Count == 0 || segments == PeerCodec.MaxChunkMaps || bytes + size > MaxBytes)
            {
                return false;
            }

            segments++;
            bytes += size;
            return true;
        }
    }
}
