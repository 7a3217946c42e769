using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Reads the <c>Stats</c> of a STAT_REPORT (section 4.10): any subset of properties, unknown ones passed over.</summary>
internal sealed class StatsReader
{
    private const int MaxStats = 4096;

    private readonly ChunkMapXml _maps = new();
    private int _stats;

    private StatsReader()
    {
    }

    internal List<ChunkMapReport> ChunkMaps { get; } = [];

    internal List<StreamStatsReport> StreamStats { get; } = [];

    internal static StatsReader Read(MessageReader reader)
    {
        var stats = new StatsReader();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            if (reader.Name == "Stat")
            {
                stats.ReadStat(reader);
            }
        }

        return stats;
    }

    private void ReadStat(MessageReader reader)
    {
        if (++_stats > MaxStats)
        {
            throw reader.Error($"there are more than {MaxStats} Stat elements");
        }

        var property = reader.Attribute("property") ?? throw reader.Error("a Stat has no 'property'");
        var found = false;
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "ChunkMapReport":
                    ReadChunkMap(reader);
                    found = true;
                    break;
                // The draft prints the first spelling.
                case "StramStatsReport" or "StreamStatsReport":
                    ReadStreamStats(reader);
                    found = true;
                    break;
            }
        }

        if (!found && (Is(property, "ChunkMap") || Is(property, "StreamStats") || Is(property, "StreamStatistics")))
        {
            throw reader.Error($"the Stat '{property}' has no report in it");
        }
    }

    private static bool Is(string property, string name) => property.Equals(name, StringComparison.OrdinalIgnoreCase);

    private void ReadChunkMap(MessageReader reader)
    {
        string? swarm = null;
        var levels = new List<LevelMap>();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "SwarmID":
                    reader.Once(ref swarm, reader.ReadText());
                    break;
                case "Clip":
                    levels.AddRange(_maps.ReadClip(reader));
                    break;
            }
        }

        ChunkMaps.Add(new ChunkMapReport(Envelope.RequiredSwarmId(reader, swarm), levels));
    }

    private void ReadStreamStats(MessageReader reader)
    {
        string? swarm = null;
        long uploaded = 0;
        long downloaded = 0;
        long bandwidth = 0;
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "SwarmID":
                    reader.Once(ref swarm, reader.ReadText());
                    break;
                case "UploadedBytes":
                    uploaded = reader.ReadNumber(long.MaxValue);
                    break;
                case "DownloadedBytes":
                    downloaded = reader.ReadNumber(long.MaxValue);
                    break;
                case "AvailBandwidth":
                    bandwidth = reader.ReadNumber(long.MaxValue);
                    break;
            }
        }

        StreamStats.Add(new StreamStatsReport(Envelope.RequiredSwarmId(reader, swarm), uploaded, downloaded, bandwidth));
    }
}
