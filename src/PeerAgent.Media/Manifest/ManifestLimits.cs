using Ppsp.Protocol.Xml;

namespace PeerAgent.Media.Manifest;

/// <summary>How much a manifest may hold; all are far above what a real one needs.</summary>
internal static class ManifestLimits
{
    internal const string Namespace = "urn:ppsp-peer:manifest:1";
    internal const int Characters = XmlBody.MaxBytes;
    internal const int Depth = 64;
    internal const int Trackers = 32;
    internal const int Origins = 16;
    internal const int Clips = 64;
    internal const int ComponentsPerClip = 64;
    internal const int SegmentsPerComponent = 64;
    internal const int Segments = 256;
    internal const int Levels = 64;
    internal const int Qualities = 64;
    internal const int DescriptionLength = 4096;
    internal const int WordLength = 64;
    internal const int TypeLength = 32;
    internal const int Pixels = 65535;

    /// <summary>Longest playing time of a clip: some thirty years.</summary>
    internal const int DurationSeconds = 1_000_000_000;

    /// <summary>Bits per second: 1 Tbit/s.</summary>
    internal const long Bitrate = 1_000_000_000_000;

    /// <summary>Chunks times levels, over the whole manifest.</summary>
    internal const long Chunks = 1 << 22;
}
