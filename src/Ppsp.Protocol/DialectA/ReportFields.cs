using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>
/// The <c>Stats</c> of STAT_REPORT (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10, Table 3). Properties that are
/// not known are passed over; one that is known must be right.
/// </summary>
internal sealed class ReportFields
{
    /// <summary>Most <c>Stat</c> elements of a message.</summary>
    internal const int MaxStats = 1000;

    internal List<ChunkMapReport> ChunkMaps { get; } = [];

    internal List<StreamStatsReport> StreamStats { get; } = [];

    /// <summary>Reads the current element.</summary>
    internal static ReportFields Read(MessageReader reader)
    {
        var fields = new ReportFields();
        var count = 0;
        var levels = 0;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (reader.Name != "Stat")
            {
                continue;
            }

            if (++count > MaxStats)
            {
                reader.Fail($"At most {MaxStats} Stat are read");
            }
            else
            {
                fields.ReadStat(reader, ref levels);
            }
        }

        return fields;
    }

    private void ReadStat(MessageReader reader, ref int levels)
    {
        var property = reader.Attribute("property")?.Trim() ?? "";
        var isMap = property.Equals("ChunkMap", StringComparison.OrdinalIgnoreCase);
        var isStats = property.Equals("StreamStats", StringComparison.OrdinalIgnoreCase)
            || property.Equals("StreamStatistics", StringComparison.OrdinalIgnoreCase);
        if (!isMap && !isStats)
        {
            return;
        }

        var found = false;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            var wanted = isMap ? reader.Name == "ChunkMapReport" : reader.Name is "StramStatsReport" or "StreamStatsReport";
            if (!wanted)
            {
                continue;
            }

            if (found)
            {
                reader.FailTwice();
            }
            else if (isMap)
            {
                ReadChunkMaps(reader, ref levels);
            }
            else
            {
                ReadStreamStats(reader);
            }

            found = true;
        }

        if (!found)
        {
            reader.Fail($"A Stat for {(isMap ? "ChunkMap needs a ChunkMapReport" : "StreamStats needs a StramStatsReport")}");
        }
    }

    private void ReadChunkMaps(MessageReader reader, ref int count)
    {
        string? swarm = null;
        var levels = new List<LevelMap>();
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            switch (reader.Name)
            {
                case "SwarmID":
                    reader.ReadTextOnce(ref swarm);
                    break;
                case "Clip":
                    ChunkMapXml.ReadClip(reader, levels);
                    break;
            }
        }

        count += levels.Count;
        if (count > ChunkMapXml.MaxLevels)
        {
            reader.Fail($"At most {ChunkMapXml.MaxLevels} ChunkSegments are read");
        }

        ChunkMaps.Add(new ChunkMapReport(Swarm(reader, swarm), levels));
    }

    private void ReadStreamStats(MessageReader reader)
    {
        string? swarm = null, uploaded = null, downloaded = null, bandwidth = null;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            switch (reader.Name)
            {
                case "SwarmID":
                    reader.ReadTextOnce(ref swarm);
                    break;
                case "UploadedBytes":
                    reader.ReadTextOnce(ref uploaded);
                    break;
                case "DownloadedBytes":
                    reader.ReadTextOnce(ref downloaded);
                    break;
                case "AvailBandwidth":
                    reader.ReadTextOnce(ref bandwidth);
                    break;
            }
        }

        StreamStats.Add(new StreamStatsReport(
            Swarm(reader, swarm),
            Count(reader, "UploadedBytes", uploaded),
            Count(reader, "DownloadedBytes", downloaded),
            Count(reader, "AvailBandwidth", bandwidth)));
    }

    private static SwarmId Swarm(MessageReader reader, string? text)
    {
        if (!SwarmId.TryParse(text, out var swarm))
        {
            CommonFields.FailIdentifier(reader, "SwarmID", IdentifierText.MaxLength);
        }

        return swarm;
    }

    private static long Count(MessageReader reader, string name, string? text)
    {
        long number = 0;
        if (!string.IsNullOrEmpty(text) && !ChunkMapXml.TryNumber(text, long.MaxValue, out number))
        {
            reader.Fail($"{name} must be a whole number from 0 to {long.MaxValue}");
        }

        return number;
    }
}
