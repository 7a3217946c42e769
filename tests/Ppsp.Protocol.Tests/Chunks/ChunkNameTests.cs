using FsCheck;
using FsCheck.Fluent;
using Ppsp.Protocol.Chunks;

namespace Ppsp.Protocol.Tests.Chunks;

public sealed class ChunkNameTests
{
    [Theory]
    [InlineData("A123456789-L0-00000.264", "A123456789", null, LevelKind.Layer, 0, 0, "264")]
    [InlineData("A123456789-L1-00000.264", "A123456789", null, LevelKind.Layer, 1, 0, "264")]
    [InlineData("A123456789-V2-L0-00000.264", "A123456789", 2, LevelKind.Layer, 0, 0, "264")]
    [InlineData("A123456789-D0-0000.h264", "A123456789", null, LevelKind.Description, 0, 0, "h264")]
    [InlineData("A123456789-00000.m4a", "A123456789", null, LevelKind.None, 0, 0, "m4a")]
    [InlineData("A123456789-00000.mp4", "A123456789", null, LevelKind.None, 0, 0, "mp4")]
    [InlineData("a-b-2-L10-123456.ts", "a-b-2", null, LevelKind.Layer, 10, 123456, "ts")]
    [InlineData("a.b-7.ts", "a.b", null, LevelKind.None, 0, 7, "ts")]
    [InlineData("a-l1-00007.ts", "a-l1", null, LevelKind.None, 0, 7, "ts")]
    [InlineData("a-L1000-00007.ts", "a-L1000", null, LevelKind.None, 0, 7, "ts")]
    [InlineData("Größe 名-00007.ts", "Größe 名", null, LevelKind.None, 0, 7, "ts")]
    [InlineData("-L1-00007.ts", "-L1", null, LevelKind.None, 0, 7, "ts")]
    public void The_parts_are_found(string text, string content, int? views, LevelKind kind, int level, long index, string extension)
    {
        Assert.True(ChunkName.TryParse(text, out var name));
        Assert.Equal((content, views, kind, level, index, extension), (name.ContentId, name.Views, name.Kind, name.Level, name.Index, name.Extension));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.ts")]
    [InlineData("a-.ts")]
    [InlineData("-00000.ts")]
    [InlineData("00000.ts")]
    [InlineData("a-00000")]
    [InlineData("a-00000.")]
    [InlineData("a-00000.t/s")]
    [InlineData("a/b-00000.ts")]
    [InlineData("a\\b-00000.ts")]
    [InlineData("..-00000.ts")]
    [InlineData(".-00000.ts")]
    [InlineData("a\0-00000.ts")]
    [InlineData("a-9007199254740992.ts")]
    [InlineData("a-9999999999999999999999.ts")]
    [InlineData("a-+1.ts")]
    [InlineData("a-١٢.ts")]
    [InlineData("a-00000.ts?x")]
    [InlineData("a-00000.abcdefghijklmnopq")]
    public void What_is_no_name_is_refused(string text) => Assert.False(ChunkName.TryParse(text, out _));

    [Fact]
    public void Ends_of_the_ranges_are_names()
    {
        Assert.True(ChunkName.TryParse("a-9007199254740991.ts", out var name));
        Assert.Equal(ChunkName.MaxIndex, name.Index);
        Assert.True(ChunkName.TryParse(new string('a', 256) + "-V999-L999-00001.ts", out _));
        Assert.False(ChunkName.TryParse(new string('a', 257) + "-00001.ts", out _));
    }

    [Fact]
    public void Names_are_equal_by_value_and_not_by_the_number_of_digits()
    {
        Assert.True(ChunkName.TryParse("a-D0-0007.h264", out var four));
        Assert.True(ChunkName.TryParse("a-D0-00007.h264", out var five));
        Assert.Equal(four, five);
        Assert.Equal("a-D0-00007.h264", four.ToString());
    }

    [Theory]
    [InlineData("a-L1")]
    [InlineData("a-D0")]
    [InlineData("a-V2")]
    [InlineData("a-V2-L1")]
    public void A_content_id_that_ends_like_a_level_or_view_is_ambiguous(string content)
    {
        Assert.True(ChunkName.IsContentId(content));
        Assert.False(ChunkName.IsUnambiguousContentId(content));
        Assert.Throws<ArgumentException>(() => ChunkName.Create(content, null, LevelKind.None, 0, 0, "ts"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a-5")]
    [InlineData("a-l1")]
    [InlineData("L1")]
    [InlineData("-L1")]
    [InlineData("a-L")]
    [InlineData("a-L1000")]
    public void Other_content_ids_are_not(string content)
    {
        Assert.True(ChunkName.IsUnambiguousContentId(content));
        Assert.Equal(content, ChunkName.Create(content, null, LevelKind.None, 0, 12, "ts").ContentId);
    }

    [Theory]
    [InlineData("a", null, LevelKind.None, 1, 0L, "ts")]
    [InlineData("a", null, LevelKind.Layer, -1, 0L, "ts")]
    [InlineData("a", null, LevelKind.Layer, 1000, 0L, "ts")]
    [InlineData("a", 1000, LevelKind.Layer, 0, 0L, "ts")]
    [InlineData("a", null, LevelKind.None, 0, -1L, "ts")]
    [InlineData("a", null, LevelKind.None, 0, ChunkName.MaxIndex + 1, "ts")]
    [InlineData("a", null, LevelKind.None, 0, 0L, "t.s")]
    [InlineData("", null, LevelKind.None, 0, 0L, "ts")]
    [InlineData("a/b", null, LevelKind.None, 0, 0L, "ts")]
    public void A_name_that_could_not_be_read_back_is_not_made(
        string content, int? views, LevelKind kind, int level, long index, string extension) =>
        Assert.Throws<ArgumentException>(() => ChunkName.Create(content, views, kind, level, index, extension));

    [Fact]
    public void Every_name_made_can_be_read_back()
    {
        RandomMessages.Check(
            r => r.Text(8).Replace('/', '_').Replace('\\', '_'),
            content =>
            {
                if (!ChunkName.IsUnambiguousContentId(content))
                {
                    return true;
                }

                var name = ChunkName.Create(content, content.Length % 3 == 0 ? 2 : null, LevelKind.Layer, content.Length, content.Length * 7919L, "ts");
                return ChunkName.TryParse(name.ToString(), out var again) && again == name;
            });
    }

    [Fact]
    public void No_text_breaks_the_parser_and_what_it_reads_it_reads_again() => Prop.ForAll<string>(text =>
        text is null || !ChunkName.TryParse(text, out var name) || (ChunkName.TryParse(name.ToString(), out var again) && again == name))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
