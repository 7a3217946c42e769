using System.Globalization;
using System.Xml;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// ChunkMaps on the wire: <c>Clip</c> with one <c>ChunkSegments</c> a level, base64 of the bits
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10; draft-cruz-ppsp-http-peer-protocol-00, section 4.5). Levels
/// above the base have an extra attribute <c>level</c>.
/// </summary>
internal sealed class ChunkMapXml
{
    /// <summary>Most segments in a message.</summary>
    internal const int MaxSegments = 64;

    private const int MaxLevels = 1024;

    private int _segments;
    private int _levels;

    /// <summary>Reads a <c>Clip</c>, and keeps counting segments over all clips of the message.</summary>
    internal List<LevelMap> ReadClip(MessageReader reader)
    {
        string? name = null;
        var found = new List<(string Type, int Level, List<ChunkMap> Maps)>();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "Name":
                    reader.Once(ref name, ReadClipName(reader));
                    break;
                case "ChunkSegments" or "ChunkIndex":
                    if (++_levels > MaxLevels)
                    {
                        throw reader.Error($"there are more than {MaxLevels} levels");
                    }

                    found.Add(ReadLevel(reader));
                    break;
            }
        }

        if (name is null)
        {
            throw reader.Error("a Clip has no Name");
        }

        return [.. found.Select(f => new LevelMap(new LevelId(name, f.Type, f.Level), f.Maps))];
    }

    /// <summary>The name of a clip: plain text, at most 256 characters.</summary>
    internal static string ReadClipName(MessageReader reader)
    {
        var text = reader.ReadText();
        return text.Length is > 0 and <= IdentifierText.MaxLength && IdentifierText.IsPlainText(text)
            ? text
            : throw reader.Error($"the Name of a Clip must have 1 to {IdentifierText.MaxLength} characters");
    }

    /// <summary>A kind of component, in lower case; <c>video</c> where none is given.</summary>
    internal static string ReadType(MessageReader reader, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "video";
        }

        return text.Length <= 32 && IdentifierText.IsPlainText(text)
            ? text.ToLowerInvariant()
            : throw reader.Error("a type has at most 32 characters");
    }

    /// <summary>Writes the levels clip by clip.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="levels">The levels; those of a clip stand together.</param>
    /// <param name="segmentName"><c>Segment</c> towards trackers, <c>ChunkSegment</c> between peers.</param>
    internal static void WriteClips(XmlWriter xml, IReadOnlyList<LevelMap> levels, string segmentName)
    {
        foreach (var clip in levels.GroupBy(l => l.Level.Clip))
        {
            xml.WriteStartElement("Clip");
            xml.WriteElementString("Name", clip.Key);
            foreach (var level in clip)
            {
                xml.WriteStartElement("ChunkSegments");
                xml.WriteAttributeString("type", level.Level.Type);
                if (level.Level.Level > 0)
                {
                    xml.WriteAttributeString("level", level.Level.Level.ToString(CultureInfo.InvariantCulture));
                }

                foreach (var map in level.Segments)
                {
                    WriteMap(xml, map, segmentName);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }
    }

    private static void WriteMap(XmlWriter xml, ChunkMap map, string segmentName)
    {
        xml.WriteStartElement(segmentName);
        xml.WriteAttributeString("from", map.From.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("to", map.To.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("bitmapSize", map.Length.ToString(CultureInfo.InvariantCulture));
        var bits = new byte[ChunkMap.ByteLength(map.Length)];
        map.CopyBitsTo(bits);
        xml.WriteBase64(bits, 0, bits.Length);
        xml.WriteEndElement();
    }

    private (string Type, int Level, List<ChunkMap> Maps) ReadLevel(MessageReader reader)
    {
        var type = ReadType(reader, reader.Attribute("type"));
        var level = reader.Attribute("level") is null ? 0 : (int)reader.RequiredNumber("level", ChunkName.MaxLevel);
        var maps = new List<ChunkMap>();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            if (reader.Name is not ("Segment" or "ChunkSegment"))
            {
                continue;
            }

            if (++_segments > MaxSegments)
            {
                throw reader.Error($"there are more than {MaxSegments} segments");
            }

            maps.Add(ReadMap(reader));
        }

        return (type, level, maps);
    }

    /// <summary>
    /// The range is trusted, <c>bitmapSize</c> only read; the range is checked before anything of its size is made, and
    /// memory follows the text that is really there.
    /// </summary>
    private static ChunkMap ReadMap(MessageReader reader)
    {
        var from = reader.RequiredNumber("from", ChunkName.MaxIndex);
        var size = reader.Attribute("bitmapSize") is null ? (long?)null : reader.RequiredNumber("bitmapSize", ChunkMap.MaxLength);
        var to = reader.Attribute("to") is null && size is > 0 ? from + size.Value - 1 : reader.RequiredNumber("to", ChunkName.MaxIndex);
        if (to < from || to - from >= ChunkMap.MaxLength || to > ChunkName.MaxIndex)
        {
            throw reader.Error($"a segment covers 1 to {ChunkMap.MaxLength} chunks; this one is from {from} to {to}");
        }

        var length = (int)(to - from + 1);
        var text = reader.ReadText();
        var bits = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, bits, out var written))
        {
            throw reader.Error("the bits of a segment are not base64");
        }

        if (written < ChunkMap.ByteLength(length))
        {
            throw reader.Error($"the bits of a segment of {length} chunks need {ChunkMap.ByteLength(length)} bytes; there are {written}");
        }

        return ChunkMap.Create(from, length, bits.AsSpan(0, written));
    }
}
