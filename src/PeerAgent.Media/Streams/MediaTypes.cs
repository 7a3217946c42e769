namespace PeerAgent.Media.Streams;

/// <summary>What file extensions mean.</summary>
internal static class MediaTypes
{
    /// <summary>The media type of a chunk with this extension.</summary>
    internal static string Of(string extension, string componentType) => extension.ToLowerInvariant() switch
    {
        "ts" => "video/mp2t",
        "mp4" => componentType.StartsWith("audio", StringComparison.Ordinal) ? "audio/mp4" : "video/mp4",
        "m4s" => "video/iso.segment",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "mp3" => "audio/mpeg",
        "264" or "h264" or "avc" => "video/h264",
        "265" or "h265" => "video/h265",
        "webm" => "video/webm",
        "vtt" => "text/vtt",
        _ => "application/octet-stream",
    };

    /// <summary>The kind of component that such files usually hold.</summary>
    internal static string KindOf(string extension) => extension.ToLowerInvariant() switch
    {
        "m4a" or "aac" or "mp3" or "ac3" or "opus" or "ogg" => "audio",
        "vtt" or "srt" => "text",
        _ => "video",
    };
}
