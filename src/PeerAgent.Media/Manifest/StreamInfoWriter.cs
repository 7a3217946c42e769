using System.Globalization;
using System.Text;
using System.Xml;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Manifest;

/// <summary>
/// Writes the StreamInfo manifest in the shape and order of draft-cruz-ppsp-http-tracker-protocol-01, section 3.6
/// (figures 3 and 4): UTF-8 without byte order mark, with its declaration. Our additions are in
/// <c>urn:ppsp-peer:manifest:1</c>, whose prefix is declared on the root and only where one is used.
/// </summary>
public static class StreamInfoWriter
{
    private const string X = ManifestLimits.Namespace;

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        IndentChars = "  ",
        NewLineChars = "\n",
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>Writes the manifest. What <see cref="StreamInfoReader"/> reads, it writes so that it is read back the same.</summary>
    /// <exception cref="ArgumentException">A text holds a character that XML cannot carry.</exception>
    public static byte[] Write(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            xml.WriteStartElement("StreamInfo");
            if (HasAdditions(stream))
            {
                xml.WriteAttributeString("xmlns", "x", null, X);
            }

            if (stream.IsPrivate)
            {
                WriteAddition(xml, "private", "true");
            }

            WriteHead(xml, stream);
            foreach (var clip in stream.Clips)
            {
                WriteClip(xml, clip);
            }

            xml.WriteEndElement();
        }

        return buffer.ToArray();
    }

    private static bool HasAdditions(StreamInfo stream) =>
        stream.IsPrivate
        || stream.Origins.Count > 0
        || stream.Clips.Any(c => c.Video?.Qualities.Any(q => q.Bitrate is not null) ?? false)
        || stream.Clips.SelectMany(c => c.Components).SelectMany(c => c.Segments).Any(HasAdditions);

    private static bool HasAdditions(Segment segment) =>
        segment.ChunkDuration is not null
        || segment.Bitrate is not null
        || segment.Init is not null
        || segment.Extension is not null
        || segment.Views is not null
        || segment.Hashes.Count > 0
        || segment.HashLists.Count > 0;

    private static void WriteHead(XmlWriter xml, StreamInfo stream)
    {
        xml.WriteStartElement("Trackers");
        foreach (var tracker in stream.Trackers)
        {
            xml.WriteStartElement("Tracker");
            xml.WriteAttributeString("url", tracker.Url.OriginalString);
            WriteNumber(xml, "tier", tracker.Tier);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteElementString("SwarmID", stream.SwarmId.Value);
        if (stream.IsLive)
        {
            xml.WriteElementString("LiveStream", "TRUE");
        }

        if (stream.UpdateTime is { } updated)
        {
            xml.WriteElementString("UpdateTime", updated);
        }

        foreach (var origin in stream.Origins)
        {
            xml.WriteStartElement("x", "Origin", X);
            xml.WriteAttributeString("url", origin.Url.OriginalString);
            WriteNumber(xml, "priority", origin.Priority);
            xml.WriteEndElement();
        }
    }

    private static void WriteClip(XmlWriter xml, Clip clip)
    {
        xml.WriteStartElement("Clip");
        if (clip.Duration is { } duration)
        {
            xml.WriteElementString("Duration", Seconds(duration));
        }

        xml.WriteElementString("Name", clip.Name);
        if (clip.Description.Length > 0)
        {
            xml.WriteElementString("Description", clip.Description);
        }

        if (clip.Video is { } video)
        {
            WriteVideo(xml, video);
        }

        if (clip.AudioCodec is { } audio)
        {
            xml.WriteStartElement("Audio");
            WriteText(xml, "codec", audio);
            xml.WriteEndElement();
        }

        foreach (var component in clip.Components)
        {
            xml.WriteStartElement("ChunkSegments");
            xml.WriteAttributeString("type", component.Type);
            foreach (var segment in component.Segments)
            {
                WriteSegment(xml, segment);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteVideo(XmlWriter xml, VideoDescription video)
    {
        xml.WriteStartElement("Video");
        WriteText(xml, "codec", video.Codec);
        if (video.FramesPerSecond is { } rate)
        {
            xml.WriteAttributeString("fps", rate.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var quality in video.Qualities)
        {
            xml.WriteStartElement("VideoQuality");
            WriteNumber(xml, "width", quality.Width);
            WriteNumber(xml, "height", quality.Height);
            WriteNumber(xml, "level", quality.Level);
            WriteAddition(xml, "bitrate", quality.Bitrate?.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteSegment(XmlWriter xml, Segment segment)
    {
        xml.WriteStartElement("Segment");
        if (segment.IsRange || segment.From != 0)
        {
            WriteNumber(xml, "from", segment.From);
            WriteNumber(xml, "to", segment.To);
        }
        else
        {
            WriteNumber(xml, "chunks", segment.Count);
        }

        if (segment.HasLevels || segment.Levels > 1)
        {
            WriteNumber(xml, "levels", segment.Levels);
        }

        WriteAddition(xml, "duration", segment.ChunkDuration is { } duration ? Seconds(duration) : null);
        WriteAddition(xml, "bitrate", segment.Bitrate?.ToString(CultureInfo.InvariantCulture));
        WriteAddition(xml, "init", segment.Init);
        WriteAddition(xml, "ext", segment.Extension);
        WriteAddition(xml, "views", segment.Views?.ToString(CultureInfo.InvariantCulture));
        foreach (var (level, hashes) in segment.Hashes.OrderBy(h => h.Key))
        {
            WriteHashes(xml, level, hashes);
        }

        foreach (var list in segment.HashLists)
        {
            WriteHashList(xml, list);
        }

        xml.WriteEndElement();
    }

    private static void WriteHashes(XmlWriter xml, int level, ChunkHashes hashes)
    {
        xml.WriteStartElement("x", "ChunkHashes", X);
        WriteNumber(xml, "level", level);
        xml.WriteAttributeString("algorithm", HashReader.Algorithm);
        if (hashes.Init is { } init)
        {
            xml.WriteAttributeString("init", Convert.ToBase64String(init.Span));
        }

        xml.WriteString(Convert.ToBase64String(hashes.All.Span));
        xml.WriteEndElement();
    }

    private static void WriteHashList(XmlWriter xml, HashList list)
    {
        xml.WriteStartElement("x", "HashList", X);
        WriteNumber(xml, "level", list.Level);
        xml.WriteAttributeString("algorithm", HashReader.Algorithm);
        xml.WriteAttributeString("root", Convert.ToBase64String(list.Root.Span));
        xml.WriteAttributeString("name", list.Name);
        if (list.Init is { } init)
        {
            xml.WriteAttributeString("init", Convert.ToBase64String(init.Span));
        }

        xml.WriteEndElement();
    }

    private static void WriteNumber(XmlWriter xml, string name, long value) =>
        xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    private static void WriteText(XmlWriter xml, string name, string value)
    {
        if (value.Length > 0)
        {
            xml.WriteAttributeString(name, value);
        }
    }

    private static void WriteAddition(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteAttributeString("x", name, X, value);
        }
    }

    private static string Seconds(TimeSpan time) =>
        ((decimal)time.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);
}
