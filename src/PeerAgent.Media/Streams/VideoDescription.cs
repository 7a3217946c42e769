namespace PeerAgent.Media.Streams;

/// <summary>What a clip's picture is made of (<c>Video</c>).</summary>
/// <param name="Codec">Word of the manifest, for example <c>SVC</c>, <c>MDC</c> or <c>avc1</c>; empty when not given.</param>
/// <param name="FramesPerSecond">Frames a second, or null.</param>
/// <param name="Qualities">Qualities in the manifest's order.</param>
public sealed record VideoDescription(string Codec, double? FramesPerSecond, IReadOnlyList<VideoQuality> Qualities);
