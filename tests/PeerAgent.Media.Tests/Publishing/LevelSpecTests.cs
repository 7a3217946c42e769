using PeerAgent.Media.Publishing;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class LevelSpecTests
{
    [Theory]
    [InlineData("640x360@800k", 640, 360, 800_000)]
    [InlineData("1280x720@2500000", 1280, 720, 2_500_000)]
    [InlineData("1280X720@2.5M", 1280, 720, 2_500_000)]
    [InlineData("16x8192@1k", 16, 8192, 1_000)]
    [InlineData("320x180@62.5K", 320, 180, 62_500)]
    public void Size_and_bit_rate_are_read(string text, int width, int height, long bitrate)
    {
        Assert.True(LevelSpec.TryParse(text, out var level));
        Assert.Equal(new LevelSpec(width, height, bitrate), level);
        Assert.True(LevelSpec.TryParse(level.ToString(), out var again));
        Assert.Equal(level, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("640x360")]
    [InlineData("640x360@")]
    [InlineData("640x360@k")]
    [InlineData("640x360@0")]
    [InlineData("640x360@999")]
    [InlineData("640x360@1.5")]
    [InlineData("640x360@-800k")]
    [InlineData("640x360@800k@2")]
    [InlineData("640x360@2000M")]
    [InlineData("640x360@9999999999999999")]
    [InlineData("641x360@800k")]
    [InlineData("640x361@800k")]
    [InlineData("14x360@800k")]
    [InlineData("640x8194@800k")]
    [InlineData("640x360x2@800k")]
    [InlineData(" 640x360@800k")]
    public void Anything_else_is_not_read(string? text) => Assert.False(LevelSpec.TryParse(text, out _));
}
