using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Tests;

/// <summary>Chunk maps from words: <c>"1101"</c> from a first chunk on.</summary>
public static class Holdings
{
    public static ChunkMap Map(long from, string bits)
    {
        var bytes = new byte[ChunkMap.ByteLength(bits.Length)];
        for (var i = 0; i < bits.Length; i++)
        {
            bytes[i / 8] |= (byte)(bits[i] == '1' ? 0x80 >> (i % 8) : 0);
        }

        return ChunkMap.Create(from, bits.Length, bytes);
    }

    public static LevelMap Level(string bits, int level = 0, long from = 0, string clip = "film", string type = "video") =>
        new(new LevelId(clip, type, level), [Map(from, bits)]);

    public static ChunkMapReport In(string swarm, params LevelMap[] levels) => new(RunningTracker.Swarm(swarm), levels);
}
