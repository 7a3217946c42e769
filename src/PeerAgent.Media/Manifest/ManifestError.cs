namespace PeerAgent.Media.Manifest;

/// <summary>What is wrong with a manifest.</summary>
/// <param name="Kind">The kind of trouble.</param>
/// <param name="Message">One sentence that names line and column (both from 1) where there are such, and what was expected.</param>
public sealed record ManifestError(ManifestErrorKind Kind, string Message);
