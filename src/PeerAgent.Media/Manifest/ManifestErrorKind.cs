namespace PeerAgent.Media.Manifest;

/// <summary>Why a manifest was not taken.</summary>
public enum ManifestErrorKind
{
    /// <summary>A StreamInfo document with something wrong in it, or one that is cut off.</summary>
    Malformed,

    /// <summary>Longer than <see cref="Ppsp.Protocol.Xml.XmlBody.MaxBytes"/> bytes, packed or unpacked.</summary>
    TooLarge,

    /// <summary>Not text, not XML, or XML of another kind.</summary>
    NotAManifest,
}
