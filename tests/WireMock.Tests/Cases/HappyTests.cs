using System.Xml.Linq;
using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

public sealed class HappyTests(FakedTrackers trackers)
{
    private const string Who = "Method PeerID UserID AuthToken ";

    /// <summary>What the draft prints for each method, sections 4.4 to 4.11.</summary>
    private static readonly string[] Printed =
    [
        "CONNECT: " + Who + "TransactionID PeerAddresses",
        "JOIN: " + Who + "SwarmID ExpireTime TransactionID",
        "FIND_PEER: " + Who + "SwarmID TransactionID",
        "STAT_REPORT: " + Who + "TransactionID Stats",
        "FIND_CHUNK: " + Who + "SwarmID Clip TransactionID",
        "KEEPALIVE: " + Who + "TransactionID",
        "LEAVE: " + Who + "SwarmID TransactionID",
        "DISCONNECT: " + Who + "TransactionID",
    ];

    [Fact]
    public async Task All_eight_methods_are_said_in_order_and_as_the_draft_prints_them()
    {
        await using var rig = new AgentRig(trackers, ("StatReportInterval", "01:00:00"));
        var viewer = new Viewer("film");
        var membership = rig.Join(viewer, "happy");
        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);
        var holders = await rig.PassUntilDoneAsync(membership.FindChunkAsync(Viewer.Level, 4, CancellationToken.None));
        await rig.PassUntilAsync(() => rig.CountTo("happy") == 6, "KEEPALIVE is sent");
        await membership.LeaveAsync(CancellationToken.None);

        var sent = await rig.SentToAsync("happy");
        Assert.Equal(Printed, sent.Select(r => Describe(XDocument.Parse(System.Text.Encoding.UTF8.GetString(r.Body)).Root!)));
        Assert.Equal(8, sent.Select(r => r.Message!.TransactionId).Distinct().Count());
        Assert.All(sent, r => Assert.Equal(("POST", "application/xml; charset=utf-8", "gzip"), (r.HttpMethod, r.ContentType, r.AcceptEncoding)));
        Assert.Equal(["faked-seeder", "faked-leecher"], viewer.Found.Single().Select(p => p.PeerId.Value));
        Assert.Equal(["faked-seeder", "faked-leecher"], holders.Select(p => p.PeerId.Value));
        Assert.Equal("192.0.2.1:7681", holders[0].Addresses[0].ToString());
    }

    [Fact]
    public async Task What_is_sent_is_what_the_host_said()
    {
        await using var rig = new AgentRig(trackers);
        var membership = rig.Join(new Viewer("film"), "happy");
        await rig.PassUntilDoneAsync(membership.FirstAttempt);

        var sent = await rig.SentToAsync("happy");
        var connect = XDocument.Parse(System.Text.Encoding.UTF8.GetString(sent[0].Body)).Root!;
        Assert.Equal(["192.0.2.7 7681", "2001:db8::7 7681"], connect.Descendants("PeerAddress").Select(a => $"{(string?)a.Attribute("ip")} {(string?)a.Attribute("port")}"));
        Assert.Equal("token-1", (string?)connect.Element("AuthToken"));
        var report = Assert.IsType<Ppsp.Protocol.Messages.ReportRequest>(sent[3].Message);
        Assert.Equal([0, 1, 2], report.ChunkMaps.Single().Levels.Single().Segments.Single().Held());
        Assert.Equal((11, 22), (report.StreamStats.Single().UploadedBytes, report.StreamStats.Single().DownloadedBytes));
    }

    private static string Describe(XElement message) =>
        $"{(string?)message.Element("Method")}: {string.Join(' ', message.Elements().Select(e => e.Name.LocalName))}";
}
