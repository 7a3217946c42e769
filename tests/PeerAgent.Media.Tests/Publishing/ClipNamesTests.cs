using PeerAgent.Media.Publishing;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class ClipNamesTests
{
    [Theory]
    [InlineData("name")]
    [InlineData("path/name")]
    [InlineData("a/b-L1/c d")]
    [InlineData("a/é-L")]
    public void Good_names_have_no_fault(string name) => Assert.Null(ClipNames.Fault(name));

    [Theory]
    [InlineData("/name")]
    [InlineData("name/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("./b")]
    [InlineData("a\\b")]
    [InlineData("a%2fb")]
    [InlineData("a/b\n")]
    public void Names_that_are_no_safe_path_are_refused(string name) =>
        Assert.StartsWith("The name must be segments of plain text between single slashes", ClipNames.Fault(name), StringComparison.Ordinal);

    [Fact]
    public void Length_is_bounded()
    {
        Assert.Null(ClipNames.Fault(new string('a', 256)));
        Assert.Equal("The name must have 1 to 256 characters.", ClipNames.Fault(new string('a', 257)));
        Assert.Equal("The name must have 1 to 256 characters.", ClipNames.Fault(""));
    }

    [Fact]
    public void A_name_that_ends_like_a_level_is_refused() =>
        Assert.Equal(
            "The name must not end in '-L1', because chunk names could not be read back; choose another last segment.",
            ClipNames.Fault("a/film-L1"));
}
