using System.Diagnostics.CodeAnalysis;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Manifest;

/// <summary>What came of reading a manifest: a stream, or the reason why there is none.</summary>
public sealed class ManifestOutcome
{
    private readonly StreamInfo? _info;
    private readonly ManifestError? _error;

    private ManifestOutcome(StreamInfo? info, ManifestError? error)
    {
        _info = info;
        _error = error;
    }

    /// <summary>True with the stream, false with the error.</summary>
    public bool TryGet([NotNullWhen(true)] out StreamInfo? info, [NotNullWhen(false)] out ManifestError? error)
    {
        info = _info;
        error = _error;
        return info is not null;
    }

    internal static ManifestOutcome Of(StreamInfo info) => new(info, null);

    internal static ManifestOutcome Of(ManifestErrorKind kind, string message) => new(null, new ManifestError(kind, message));
}
