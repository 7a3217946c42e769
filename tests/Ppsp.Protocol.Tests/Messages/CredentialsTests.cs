using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.Messages;

public sealed class CredentialsTests
{
    [Fact]
    public void Neither_user_nor_token_is_shown()
    {
        var credentials = new Credentials(Read.User("alice"), "s3cret");
        var request = new HeartbeatRequest { PeerId = Read.Peer("p"), TransactionId = Read.Transaction("7"), Credentials = credentials };

        foreach (var text in new[] { credentials.ToString(), $"{credentials}", request.ToString() })
        {
            Assert.DoesNotContain("alice", text);
            Assert.DoesNotContain("s3cret", text);
            Assert.Contains("user given, token given", text);
        }

        Assert.Equal("user not given, token not given", Credentials.None.ToString());
    }

    [Fact]
    public void No_refusal_shows_them_either()
    {
        const string Secrets = "<UserID>alice</UserID><AuthToken>s3cret</AuthToken>";
        string[] bad =
        [
            $"<PPSPTrackerProtocol><Method>KEEPALIVE</Method>{Secrets}<PeerID>p</PeerID></PPSPTrackerProtocol>",
            $"<PPSPTrackerProtocol>{Secrets}</Wrong>",
            $"<PPSPTrackerProtocol>{Secrets}<s3cret></alice></PPSPTrackerProtocol>",
            $"<PPSPTrackerProtocol version='s3cret'>{Secrets}</PPSPTrackerProtocol>",
            $"<PPSPTrackerProtocol>{Secrets}{Secrets}</PPSPTrackerProtocol>",
            $"<PPSPTrackerProtocol><Method>s3cret</Method>{Secrets}<PeerID>p</PeerID><TransactionID>7</TransactionID></PPSPTrackerProtocol>",
            "<PPSPTrackerProtocol><AuthToken>s3cret<alice/></AuthToken></PPSPTrackerProtocol>",
            "<s3cret/>",
            "<?xml version='1.0' encoding='s3cret'?><a>\uFFFF",
            "<!DOCTYPE alice [<!ENTITY s3cret 'x'>]><a/>",
        ];
        foreach (var text in bad)
        {
            var refusal = Read.Refused(Read.TrackerText(text));
            Assert.DoesNotContain("s3cret", refusal.ToString());
            Assert.DoesNotContain("alice", refusal.ToString());
        }
    }
}
