using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Writes messages the way the draft prints them, element for element (section 4).</summary>
internal static class TrackerWriter
{
    private static ReadOnlySpan<byte> Start => "<?xml version=\"1.0\" encoding=\"utf-8\"?><PPSPTrackerProtocol version=\"1.0\">"u8;

    private static ReadOnlySpan<byte> StartWithReport =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><PPSPTrackerProtocol version=\"1.0\" xmlns:report=\"urn:ppsp-peer:report:1\">"u8;

    private static ReadOnlySpan<byte> End => "</PPSPTrackerProtocol>"u8;

    internal static byte[] Write(TrackerRequest request)
    {
        var writer = new MessageWriter();
        writer.Raw(request is ReportRequest { ChunkMaps.Count: > 0 } or ReportRequest { StreamStats.Count: > 0 } ? StartWithReport : Start);
        writer.Element("Method"u8, Verb(request));
        writer.Element("PeerID"u8, request.PeerId.Value);
        if (request.Credentials.UserId is { } user)
        {
            writer.Element("UserID"u8, user.Value);
        }

        if (request.Credentials.AuthToken is { } token)
        {
            writer.Element("AuthToken"u8, token);
        }

        WriteBeforeTransaction(writer, request);
        writer.Element("TransactionID"u8, request.TransactionId.Value);
        WriteBehindTransaction(writer, request);
        writer.Raw(End);
        return writer.ToArray();
    }

    internal static byte[] Write(TrackerResponse response)
    {
        var writer = new MessageWriter();
        writer.Raw(Start);

        // The draft's table of responses has no word for a method that is not known.
        var code = response.Code == ResponseCode.MessageNotSupported ? ResponseCode.InvalidSyntax : response.Code;
        writer.Element("Response"u8, code.WireText());
        if (response.SwarmId is { } swarm)
        {
            writer.Element("SwarmID"u8, swarm.Value);
        }

        if (response.TransactionId is { } transaction)
        {
            writer.Element("TransactionID"u8, transaction.Value);
        }

        if (response.Peers is { } peers)
        {
            PeerInfoXml.WriteList(writer, peers);
        }

        writer.Raw(End);
        return writer.ToArray();
    }

    /// <summary>What the draft calls the request.</summary>
    public static string Verb(TrackerRequest request) => request switch
    {
        RegisterRequest => "CONNECT",
        QuitRequest => "DISCONNECT",
        JoinRequest => "JOIN",
        LeaveRequest => "LEAVE",
        ListRequest => "FIND_PEER",
        ChunkListRequest => "FIND_CHUNK",
        ReportRequest => "STAT_REPORT",
        HeartbeatRequest => "KEEPALIVE",
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType().Name, "Not a request of this dialect."),
    };

    private static void WriteBeforeTransaction(MessageWriter writer, TrackerRequest request)
    {
        switch (request)
        {
            case JoinRequest join:
                writer.Element("SwarmID"u8, join.SwarmId.Value);
                writer.Element("ExpireTime"u8, ExpireTime.Format(join.Expiry));
                break;
            case LeaveRequest leave:
                writer.Element("SwarmID"u8, leave.SwarmId.Value);
                break;
            case ListRequest list:
                writer.Element("SwarmID"u8, list.SwarmId.Value);
                if (list.ClipName is not null || list.ClipType is not null)
                {
                    OpenClip(writer, list.ClipName, list.ClipType);
                    writer.Close("Clip"u8);
                }

                break;
            case ChunkListRequest chunk:
                writer.Element("SwarmID"u8, chunk.SwarmId.Value);
                OpenClip(writer, chunk.ClipName, chunk.ClipType);
                writer.Raw("<ChunkSegmentIndex"u8);
                if (chunk.Level > 0)
                {
                    writer.Attribute("level"u8, chunk.Level);
                }

                writer.Raw(">"u8);
                writer.Number(chunk.Index);
                writer.Close("ChunkSegmentIndex"u8);
                writer.Close("Clip"u8);
                break;
        }
    }

    private static void WriteBehindTransaction(MessageWriter writer, TrackerRequest request)
    {
        switch (request)
        {
            case RegisterRequest { Addresses.Count: > 0 } register:
                PeerInfoXml.WriteAddresses(writer, register.Addresses);
                break;
            case ReportRequest report:
                WriteStats(writer, report);
                break;
        }
    }

    private static void OpenClip(MessageWriter writer, string? name, string? type)
    {
        writer.Open("Clip"u8);
        if (name is not null)
        {
            writer.Element("Name"u8, name);
        }

        if (type is not null)
        {
            writer.Element("Type"u8, type);
        }
    }

    private static void WriteStats(MessageWriter writer, ReportRequest report)
    {
        writer.Open("Stats"u8);
        foreach (var map in report.ChunkMaps)
        {
            writer.Raw("<Stat property=\"ChunkMap\"><report:ChunkMapReport>"u8);
            writer.Element("SwarmID"u8, map.SwarmId.Value);
            ChunkMapXml.WriteClips(writer, map.Levels, "Segment"u8);
            writer.Raw("</report:ChunkMapReport></Stat>"u8);
        }

        foreach (var stats in report.StreamStats)
        {
            // The element is spelt as the draft spells it.
            writer.Raw("<Stat property=\"StreamStats\"><report:StramStatsReport>"u8);
            writer.Element("SwarmID"u8, stats.SwarmId.Value);
            writer.Element("UploadedBytes"u8, stats.UploadedBytes);
            writer.Element("DownloadedBytes"u8, stats.DownloadedBytes);
            writer.Element("AvailBandwidth"u8, stats.AvailableBandwidth);
            writer.Raw("</report:StramStatsReport></Stat>"u8);
        }

        writer.Close("Stats"u8);
    }
}
