using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.DialectA;

public sealed class TrackerReportTests
{
    [Theory]
    [InlineData(0, 24, 25, "////gA==")]
    [InlineData(0, 24, 4, "////gA==")]
    [InlineData(0, 24, 9999, "////gA==")]
    [InlineData(0, 24, null, " //// \n\t gA== ")]
    [InlineData(0, 24, 25, "////gAAAAAA=")]
    [InlineData(0, 24, 25, "/////////w==")]
    public void A_map_is_as_long_as_from_and_to_say(long from, long to, int? size, string base64)
    {
        var map = Map($"<Segment from='{from}' to='{to}' {(size is null ? "" : $"bitmapsize='{size}'")}>{base64}</Segment>");
        Assert.Equal((from, to, true), (map.From, map.To, map.IsComplete));
    }

    [Fact]
    public void Both_names_of_a_segment_are_read() => Assert.Equal(3, Map("<ChunkSegment FROM='3' TO='3' BitMapSize='1'>gA==</ChunkSegment>").From);

    [Theory]
    [InlineData("from='0' to='24' bitmapSize='25'", "////")]
    [InlineData("from='0' to='24' bitmapSize='25'", "")]
    [InlineData("from='0' to='8' bitmapSize='9'", "gA==")]
    [InlineData("from='0' to='8' bitmapSize='9'", "no base64!")]
    [InlineData("from='0' to='8' bitmapSize='many'", "AAAA")]
    [InlineData("from='0' to='8' bitmapSize='-1'", "AAAA")]
    [InlineData("from='1' to='0' bitmapSize='1'", "AAAA")]
    [InlineData("from='-1' to='0' bitmapSize='1'", "AAAA")]
    [InlineData("from='0' bitmapSize='1'", "AAAA")]
    [InlineData("to='0' bitmapSize='1'", "AAAA")]
    [InlineData("from='0' to='1048576'", "AAAA")]
    [InlineData("from='0' to='9223372036854775807'", "AAAA")]
    [InlineData("from='9007199254740991' to='9007199254740992'", "AAAA")]
    [InlineData("from='99999999999999999999' to='0'", "AAAA")]
    public void A_map_that_cannot_be_is_invalid(string attributes, string base64) =>
        Assert.Equal(ResponseCode.InvalidSyntax, Read.Refused(Report(Stat($"<Segment {attributes}>{base64}</Segment>"))).Code);

    [Fact]
    public void The_longest_map_and_64_of_them_are_read_and_no_more()
    {
        var longest = Convert.ToBase64String(new byte[ChunkMap.ByteLength(ChunkMap.MaxLength)]);
        Assert.Equal(ChunkMap.MaxLength, Map($"<Segment from='0' to='{ChunkMap.MaxLength - 1}'>{longest}</Segment>").Length);

        var longer = Convert.ToBase64String(new byte[ChunkMap.ByteLength(ChunkMap.MaxLength + 1)]);
        Read.Refused(Report(Stat($"<Segment from='0' to='{ChunkMap.MaxLength}'>{longer}</Segment>")));

        const string One = "<Segment from='0' to='0'>gA==</Segment>";
        string Many(int count) => string.Concat(Enumerable.Repeat(One, count));
        Assert.Equal(64, Read.Ok(Report(Stat(Many(30)) + Stat(Many(34)))) is ReportRequest r ? r.ChunkMaps.Sum(m => m.Levels[0].Segments.Count) : 0);
        Assert.Contains("64", Read.Refused(Report(Stat(Many(30)) + Stat(Many(35)))).Reason);
    }

    [Fact]
    public void One_ChunkSegments_a_level_and_a_clip_is_read()
    {
        var report = Assert.IsType<ReportRequest>(Read.Ok(Report("""
            <Stat Property="chunkmap"><ChunkMapReport>
              <Clip><ChunkSegments type="VIDEO"/><ChunkSegments type="video" Level="2"/><Name>a</Name></Clip>
              <SwarmID>s</SwarmID>
              <Clip><Name>b</Name><ChunkSegments/><ChunkSegments type="audio"/></Clip>
            </ChunkMapReport></Stat>
            """)));
        Assert.Equal(
            [new("a", "video", 0), new("a", "video", 2), new("b", "video", 0), new("b", "audio", 0)],
            report.ChunkMaps.Single().Levels.Select(l => l.Level));
    }

    [Theory]
    [InlineData("<report:StramStatsReport>", "</report:StramStatsReport>")]
    [InlineData("<report:StreamStatsReport>", "</report:StreamStatsReport>")]
    [InlineData("<StreamStatsReport>", "</StreamStatsReport>")]
    [InlineData("<r:StramStatsReport xmlns:r='urn:x'>", "</r:StramStatsReport>")]
    [InlineData("<report:StramStatsReport xmlns:report='urn:x'>", "</report:StramStatsReport>")]
    public void Both_spellings_are_read_with_any_prefix(string open, string close)
    {
        var report = Assert.IsType<ReportRequest>(Read.Ok(Report(
            $"<Stat property='StreamStatistics'>{open}<SwarmID>s</SwarmID><UploadedBytes>9223372036854775807</UploadedBytes>{close}</Stat>")));
        Assert.Equal(new StreamStatsReport(Read.Swarm("s"), long.MaxValue, 0, 0), report.StreamStats.Single());
    }

    [Theory]
    [InlineData("<Stat property='ChunkMap'/>")]
    [InlineData("<Stat property='StreamStats'><report:ChunkMapReport/></Stat>")]
    [InlineData("<Stat property='ChunkMap'><ChunkMapReport><Clip><Name>a</Name></Clip></ChunkMapReport></Stat>")]
    [InlineData("<Stat property='ChunkMap'><ChunkMapReport><SwarmID>s</SwarmID><Clip/></ChunkMapReport></Stat>")]
    [InlineData("<Stat property='StreamStats'><StramStatsReport><SwarmID>s</SwarmID><UploadedBytes>-1</UploadedBytes></StramStatsReport></Stat>")]
    [InlineData("<Stat property='StreamStats'><StramStatsReport><SwarmID>s</SwarmID><UploadedBytes>9223372036854775808</UploadedBytes></StramStatsReport></Stat>")]
    [InlineData("<Stat property='StreamStats'><StramStatsReport><UploadedBytes>1</UploadedBytes></StramStatsReport></Stat>")]
    [InlineData("<Stat property='StreamStats'><StramStatsReport><SwarmID>s</SwarmID></StramStatsReport><StramStatsReport><SwarmID>s</SwarmID></StramStatsReport></Stat>")]
    public void A_malformed_block_makes_the_whole_message_invalid(string stat) => Read.Refused(Report(stat));

    [Theory]
    [InlineData("")]
    [InlineData("<Stat property='Battery'><x/></Stat><Stat/><Other/>")]
    public void Unknown_properties_and_none_are_a_heartbeat(string stats)
    {
        var report = Assert.IsType<ReportRequest>(Read.Ok(Report(stats)));
        Assert.Empty(report.ChunkMaps);
        Assert.Empty(report.StreamStats);
    }

    [Fact]
    public void More_maps_than_a_reader_takes_are_not_written()
    {
        var level = new LevelMap(new("a", "video", 0), [.. Enumerable.Repeat(ChunkMap.Create(0, 1, [0x80]), TrackerCodec.MaxChunkMaps + 1)]);
        var report = new ReportRequest
        {
            PeerId = Read.Peer("p"), TransactionId = Read.Transaction("7"), ChunkMaps = [new(Read.Swarm("s"), [level])],
        };
        Assert.Throws<ArgumentException>(() => TrackerCodec.WriteRequest(report));
    }

    private static string Stat(string segments) =>
        $"<Stat property='ChunkMap'><report:ChunkMapReport><SwarmID>s</SwarmID><Clip><Name>a</Name><ChunkSegments type='video'>{segments}</ChunkSegments></Clip></report:ChunkMapReport></Stat>";

    private static Decoded<TrackerRequest> Report(string stats) => Read.Tracker("STAT_REPORT", $"<Stats>{stats}</Stats>");

    private static ChunkMap Map(string segment) =>
        Assert.IsType<ReportRequest>(Read.Ok(Report(Stat(segment)))).ChunkMaps.Single().Levels.Single().Segments.Single();
}
