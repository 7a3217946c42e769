namespace PeerAgent.Media.Streams;

/// <summary>The picture that becomes available at a level (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6, <c>VideoQuality</c>).</summary>
/// <param name="Width">Pixels, 1 or more.</param>
/// <param name="Height">Pixels, 1 or more.</param>
/// <param name="Level">The level, 0 or more.</param>
/// <param name="Bitrate">Bits per second of that level (our addition <c>x:bitrate</c>), or null.</param>
public sealed record VideoQuality(int Width, int Height, int Level, long? Bitrate);
