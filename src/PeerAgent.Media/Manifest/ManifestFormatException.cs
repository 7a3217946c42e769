namespace PeerAgent.Media.Manifest;

/// <summary>Carries what is wrong from its place in the manifest to the reader's edge, where it becomes a value.</summary>
internal sealed class ManifestFormatException(string reason) : Exception(reason);
