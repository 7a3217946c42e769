using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.DialectA;

/// <summary>Messages as the draft prints them: undeclared prefix, misspelt element, missing last character.</summary>
public sealed class PrintedMessagesTests
{
    [Fact]
    public void A_STAT_REPORT_with_its_undeclared_prefix_and_misspelt_element_is_understood()
    {
        const string text = """
            <?xml version="1.0" encoding="utf-8"?>
            <PPSPTrackerProtocol version="1.0">
              <Method>STAT_REPORT</Method>
              <PeerID>656164657221</PeerID>
              <UserID>u</UserID>
              <AuthToken>t</AuthToken>
              <TransactionID>12345</TransactionID>
              <Stats>
                <Stat property="ChunkMap">
                  <report:ChunkMapReport>
                    <SwarmID>123456abcd</SwarmID>
                    <Clip>
                      <Name>path/name</Name>
                      <ChunkSegments type="video">
                        <Segment from="0" to="24"
                          bitmapSize="25">
                          ////gA==
                        </Segment>
                      </ChunkSegments>
                    </Clip>
                  </report:ChunkMapReport>
                </Stat>
                <Stat property="StreamStats">
                  <report:StramStatsReport>
                    <SwarmID>123456abcd</SwarmID>
                    <UploadedBytes>512</UploadedBytes>
                    <DownloadedBytes>768</DownloadedBytes>
                    <AvailBandwidth>1024000</AvailBandwidth>
                  </report:StramStatsReport>
                </Stat>
              </Stats>
            </PPSPTrackerProtocol>
            """;

        Assert.True(TrackerCodec.ReadRequest(Encoding.UTF8.GetBytes(text)).TryGet(out var request, out var refusal), refusal?.Reason);
        var report = Assert.IsType<ReportRequest>(request);
        Assert.True(report.ChunkMaps[0].Levels[0].Segments[0].IsComplete);
        Assert.Equal(768, report.StreamStats[0].DownloadedBytes);
        Assert.Equal(report.ChunkMaps[0].Levels[0].Level, ReRead(report).ChunkMaps[0].Levels[0].Level);
    }

    [Fact]
    public void A_LEAVE_without_its_last_character_is_understood()
    {
        const string text = "\n<?xml version=\"1.0\" encoding=\"utf-8\"?><PPSPTrackerProtocol version=\"1.0\"><Method>LEAVE</Method><PeerID>p</PeerID><SwarmID>s</SwarmID><TransactionID>007</TransactionID></PPSPTrackerProtocol";

        Assert.True(TrackerCodec.ReadRequest(Encoding.UTF8.GetBytes(text)).TryGet(out var request, out var refusal), refusal?.Reason);
        Assert.Equal("007", Assert.IsType<LeaveRequest>(request).TransactionId.Value);
    }

    [Fact]
    public void An_unknown_version_is_told_with_the_transaction()
    {
        const string text = "<PPSPTrackerProtocol version=\"2.0\"><Odd/><TransactionID>7</TransactionID></PPSPTrackerProtocol>";

        Assert.False(TrackerCodec.ReadRequest(Encoding.UTF8.GetBytes(text)).TryGet(out _, out var refusal));
        Assert.Equal((ResponseCode.VersionNotSupported, "7"), (refusal.Code, refusal.TransactionId?.Value));
    }

    private static ReportRequest ReRead(ReportRequest report)
    {
        Assert.True(TrackerCodec.ReadRequest(TrackerCodec.WriteRequest(report)).TryGet(out var again, out var refusal), refusal?.Reason);
        return Assert.IsType<ReportRequest>(again);
    }
}
