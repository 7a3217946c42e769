using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Tests.Ids;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("  a b \t\n", "a b")]
    [InlineData("a/b\\c?d=<&>\"'", "a/b\\c?d=<&>\"'")]
    [InlineData("Größe 名 😀", "Größe 名 😀")]
    public void Plain_text_is_kept_trimmed_and_otherwise_as_it_is(string text, string value)
    {
        Assert.True(PeerId.TryParse(text, out var peer));
        Assert.True(SwarmId.TryParse(text, out var swarm));
        Assert.True(UserId.TryParse(text, out var user));
        Assert.True(TransactionId.TryParse(text, out var transaction));
        Assert.Equal([value, value, value, value], [peer.Value, swarm.ToString(), user.Value, transaction.ToString()]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData("a\0b")]
    [InlineData("a\u001Fb")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\uFFFEb")]
    public void Nothing_and_control_characters_are_no_identifier(string? text)
    {
        Assert.False(PeerId.TryParse(text, out var peer));
        Assert.False(SwarmId.TryParse(text, out _));
        Assert.False(UserId.TryParse(text, out _));
        Assert.False(TransactionId.TryParse(text, out _));
        Assert.Equal("", peer.Value);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_identifier()
    {
        foreach (var text in new[] { "\uD83D", "a\uD83D", "\uDE00\uD83D", "\uD83Db" })
        {
            Assert.False(PeerId.TryParse(text, out _));
        }
    }

    [Fact]
    public void The_longest_identifier_has_256_characters_and_the_longest_transaction_64()
    {
        Assert.True(PeerId.TryParse(new string('x', 256), out _));
        Assert.False(PeerId.TryParse(new string('x', 257), out _));
        Assert.True(SwarmId.TryParse($" {new string('x', 256)} ", out _));
        Assert.True(TransactionId.TryParse(new string('7', 64), out _));
        Assert.False(TransactionId.TryParse(new string('7', 65), out _));
    }

    [Fact]
    public void Identifiers_are_compared_letter_for_letter()
    {
        Assert.NotEqual(Read.Peer("a"), Read.Peer("A"));
        Assert.NotEqual(Read.Transaction("007"), Read.Transaction("7"));
        Assert.Equal(Read.Swarm(" a"), Read.Swarm("a "));
    }

    [Fact]
    public void A_fresh_transaction_is_a_positive_decimal_that_can_be_read_back()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var id = TransactionId.Create(random);
            Assert.InRange(int.Parse(id.Value), 1, int.MaxValue);
            Assert.Equal(id, Read.Transaction(id.Value));
        }
    }

    [Fact]
    public void Every_identifier_can_be_read_back() => RandomMessages.Check(
        r => r.Text(30), text => Read.Peer(text).Value == text && Read.Peer(Read.Peer(text).Value) == Read.Peer(text));
}
