using System.Buffers;
using System.Globalization;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// Clips with their chunk maps, as STAT_REPORT and GET_CHUNKMAP carry them: one <c>ChunkSegments</c> a level, one element
/// a range, base64 of the bits (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10). Without <c>type</c> it is video. The
/// attribute <c>level</c> on <c>ChunkSegments</c> is ours and stands there for levels above 0 only.
/// </summary>
internal static class ChunkMapXml
{
    /// <summary>Most maps in a message.</summary>
    internal const int MaxMaps = 64;

    /// <summary>Most levels a report or answer may list, with or without maps.</summary>
    internal const int MaxLevels = 1000;

    /// <summary>Longest word for a kind of component.</summary>
    internal const int MaxTypeLength = 64;

    /// <summary>Reads the current <c>Clip</c> element and adds its levels.</summary>
    internal static void ReadClip(MessageReader reader, List<LevelMap> levels)
    {
        string? name = null;
        var first = levels.Count;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            switch (reader.Name)
            {
                case "Name":
                    reader.ReadTextOnce(ref name);
                    break;
                case "ChunkSegments" when levels.Count == MaxLevels:
                    reader.Fail($"At most {MaxLevels} ChunkSegments are read");
                    break;
                case "ChunkSegments":
                    levels.Add(ReadLevel(reader));
                    break;
            }
        }

        if (!IdentifierText.TryNormalize(name, IdentifierText.MaxLength, out var clip))
        {
            reader.Fail($"Clip needs a Name of 1 to {IdentifierText.MaxLength} characters of plain text");
            return;
        }

        for (var i = first; i < levels.Count; i++)
        {
            levels[i] = levels[i] with { Level = levels[i].Level with { Clip = clip } };
        }
    }

    /// <summary>A kind of component in lower case; null when there is none; a fault when it is no word.</summary>
    internal static string? NormalizeType(MessageReader reader, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text is "video" or "audio")
        {
            return text;
        }

        if (!IdentifierText.TryNormalize(text, MaxTypeLength, out var type))
        {
            reader.Fail($"A type of component must have at most {MaxTypeLength} characters of plain text");
        }

        return type?.ToLowerInvariant();
    }

    /// <summary>A level number; 0 when there is none; a fault when it is no level.</summary>
    internal static int ReadLevelNumber(MessageReader reader)
    {
        var text = reader.Attribute("level");
        if (text is null)
        {
            return 0;
        }

        if (!TryNumber(text, ChunkName.MaxLevel, out var level))
        {
            reader.Fail($"The attribute level must be a whole number from 0 to {ChunkName.MaxLevel}");
        }

        return (int)level;
    }

    /// <summary>Reads decimal digits, white space around them allowed.</summary>
    internal static bool TryNumber(ReadOnlySpan<char> text, long max, out long number)
    {
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max)
        {
            return true;
        }

        number = 0;
        return false;
    }

    /// <summary>Writes the levels as <c>Clip</c> elements, one for each run of the same clip.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="levels">The levels.</param>
    /// <param name="element">What a range is called: <c>Segment</c> towards trackers, <c>ChunkSegment</c> between peers.</param>
    internal static void WriteClips(MessageWriter writer, IReadOnlyList<LevelMap> levels, ReadOnlySpan<byte> element)
    {
        string? clip = null;
        foreach (var level in levels)
        {
            if (level.Level.Clip != clip)
            {
                if (clip is not null)
                {
                    writer.Close("Clip"u8);
                }

                clip = level.Level.Clip;
                writer.Open("Clip"u8);
                writer.Element("Name"u8, clip);
            }

            WriteLevel(writer, level, element);
        }

        if (clip is not null)
        {
            writer.Close("Clip"u8);
        }
    }

    private static LevelMap ReadLevel(MessageReader reader)
    {
        var type = NormalizeType(reader, reader.Attribute("type")) ?? "video";
        var level = ReadLevelNumber(reader);
        List<ChunkMap>? maps = null;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (reader.Name is "Segment" or "ChunkSegment" && ReadMap(reader) is { } map)
            {
                (maps ??= []).Add(map);
            }
        }

        return new LevelMap(new LevelId("", type, level), maps ?? (IReadOnlyList<ChunkMap>)[]);
    }

    private static ChunkMap? ReadMap(MessageReader reader)
    {
        if (++reader.MapCount > MaxMaps)
        {
            reader.Fail($"At most {MaxMaps} chunk maps are read from a message");
            return null;
        }

        if (!TryNumber(reader.Attribute("from"), ChunkName.MaxIndex, out var from)
            || !TryNumber(reader.Attribute("to"), ChunkName.MaxIndex, out var to)
            || to < from
            || to - from >= ChunkMap.MaxLength)
        {
            reader.Fail($"{reader.Name} needs the attributes from and to, whole numbers, with 1 to {ChunkMap.MaxLength} chunks between them");
            return null;
        }

        // Chunks or bytes, or simply wrong: from and to say how long the map is.
        if (reader.Attribute("bitmapSize") is { } size && !TryNumber(size, long.MaxValue, out _))
        {
            reader.Fail("The attribute bitmapSize must be a whole number");
            return null;
        }

        return Decode(reader, from, (int)(to - from) + 1);
    }

    private static ChunkMap? Decode(MessageReader reader, long from, int length)
    {
        var name = reader.Name;
        var text = reader.ReadText();
        if (reader.Fault is not null)
        {
            return null;
        }

        var bits = ArrayPool<byte>.Shared.Rent((text.Length / 4 * 3) + 3);
        try
        {
            if (!Convert.TryFromBase64String(text, bits, out var written))
            {
                reader.Fail($"The text of {name} must be base64");
                return null;
            }

            if (written < ChunkMap.ByteLength(length))
            {
                reader.Fail($"{name} covers {length} chunks and needs {ChunkMap.ByteLength(length)} bytes; its text has {written}");
                return null;
            }

            return ChunkMap.Create(from, length, bits.AsSpan(0, written));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bits);
        }
    }

    private static void WriteLevel(MessageWriter writer, LevelMap level, ReadOnlySpan<byte> element)
    {
        writer.Raw("<ChunkSegments"u8);
        writer.Attribute("type"u8, level.Level.Type);
        if (level.Level.Level > 0)
        {
            writer.Attribute("level"u8, level.Level.Level);
        }

        writer.Raw(">"u8);
        foreach (var map in level.Segments)
        {
            if (++writer.MapCount > MaxMaps)
            {
                throw new ArgumentException($"A message holds at most {MaxMaps} chunk maps; send several messages.", nameof(level));
            }

            writer.Raw("<"u8);
            writer.Raw(element);
            writer.Attribute("from"u8, map.From);
            writer.Attribute("to"u8, map.To);
            writer.Attribute("bitmapSize"u8, map.Length);
            writer.Raw(">"u8);
            writer.Base64(map);
            writer.Close(element);
        }

        writer.Close("ChunkSegments"u8);
    }
}
