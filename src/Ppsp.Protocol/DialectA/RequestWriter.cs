using System.Globalization;
using System.Xml;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Writes requests with the elements in the order in which the draft prints them (sections 4.4 to 4.11).</summary>
internal static class RequestWriter
{
    private const string Report = "report";

    internal static byte[] Write(TrackerRequest request) => MessageWriter.Write(TrackerCodec.Root, xml =>
    {
        if (request is ReportRequest { ChunkMaps.Count: > 0 } or ReportRequest { StreamStats.Count: > 0 })
        {
            xml.WriteAttributeString("xmlns", Report, null, MessageReader.ReportNamespace);
        }

        xml.WriteElementString("Method", MethodOf(request));
        xml.WriteElementString("PeerID", request.PeerId.Value);
        if (request.Credentials.UserId is { } user)
        {
            xml.WriteElementString("UserID", user.Value);
        }

        if (request.Credentials.AuthToken is { } token)
        {
            xml.WriteElementString("AuthToken", token);
        }

        WriteBefore(xml, request);
        xml.WriteElementString("TransactionID", request.TransactionId.Value);
        WriteAfter(xml, request);
    });

    private static string MethodOf(TrackerRequest request) => request switch
    {
        RegisterRequest => "CONNECT",
        QuitRequest => "DISCONNECT",
        JoinRequest => "JOIN",
        LeaveRequest => "LEAVE",
        ListRequest => "FIND_PEER",
        ChunkListRequest => "FIND_CHUNK",
        ReportRequest => "STAT_REPORT",
        HeartbeatRequest => "KEEPALIVE",
        _ => throw new ArgumentException($"Dialect A has no {request.GetType().Name}.", nameof(request)),
    };

    /// <summary>What stands before the TransactionID.</summary>
    private static void WriteBefore(XmlWriter xml, TrackerRequest request)
    {
        switch (request)
        {
            case JoinRequest join:
                xml.WriteElementString("SwarmID", join.SwarmId.Value);
                xml.WriteElementString("ExpireTime", Write(join.Expiry));
                break;
            case LeaveRequest leave:
                xml.WriteElementString("SwarmID", leave.SwarmId.Value);
                break;
            case ListRequest list:
                xml.WriteElementString("SwarmID", list.SwarmId.Value);
                if (list.ClipName is not null || list.ClipType is not null)
                {
                    WriteClip(xml, list.ClipName, list.ClipType, null, 0);
                }

                break;
            case ChunkListRequest chunk:
                xml.WriteElementString("SwarmID", chunk.SwarmId.Value);
                WriteClip(xml, chunk.ClipName, chunk.ClipType, chunk.Index, chunk.Level);
                break;
        }
    }

    /// <summary>What stands behind the TransactionID.</summary>
    private static void WriteAfter(XmlWriter xml, TrackerRequest request)
    {
        switch (request)
        {
            case RegisterRequest { Addresses.Count: > 0 } register:
                PeerListXml.WriteAddresses(xml, register.Addresses);
                break;
            case ReportRequest report when report.ChunkMaps.Count + report.StreamStats.Count > 0:
                WriteStats(xml, report);
                break;
        }
    }

    private static string Write(Expiry expiry) =>
        expiry.At is { } at ? XmlConvert.ToString(at)
        : ((long)Math.Ceiling(expiry.After?.TotalSeconds ?? 0)).ToString(CultureInfo.InvariantCulture);

    private static void WriteClip(XmlWriter xml, string? name, string? type, long? index, int level)
    {
        xml.WriteStartElement("Clip");
        if (name is not null)
        {
            xml.WriteElementString("Name", name);
        }

        if (type is not null)
        {
            xml.WriteElementString("Type", type);
        }

        if (index is { } number)
        {
            xml.WriteStartElement("ChunkSegmentIndex");
            if (level > 0)
            {
                xml.WriteAttributeString("level", level.ToString(CultureInfo.InvariantCulture));
            }

            xml.WriteString(number.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteStats(XmlWriter xml, ReportRequest request)
    {
        xml.WriteStartElement("Stats");
        foreach (var map in request.ChunkMaps)
        {
            xml.WriteStartElement("Stat");
            xml.WriteAttributeString("property", "ChunkMap");
            xml.WriteStartElement(Report, "ChunkMapReport", MessageReader.ReportNamespace);
            xml.WriteElementString("SwarmID", map.SwarmId.Value);
            ChunkMapXml.WriteClips(xml, map.Levels, "Segment");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        foreach (var stats in request.StreamStats)
        {
            xml.WriteStartElement("Stat");
            xml.WriteAttributeString("property", "StreamStats");
            // As the draft prints it.
            xml.WriteStartElement(Report, "StramStatsReport", MessageReader.ReportNamespace);
            xml.WriteElementString("SwarmID", stats.SwarmId.Value);
            xml.WriteElementString("UploadedBytes", stats.UploadedBytes.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("DownloadedBytes", stats.DownloadedBytes.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("AvailBandwidth", stats.AvailableBandwidth.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
