namespace PeerAgent.Media.Streams;

/// <summary>A tracker that a manifest names (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
/// <param name="Url">Absolute http or https URL.</param>
/// <param name="Tier">Rank, 1 = tried first.</param>
public sealed record TrackerReference(Uri Url, int Tier);
