using System.Diagnostics.CodeAnalysis;

namespace Ppsp.Protocol.Ids;

/// <summary>
/// Identifies a peer towards trackers and other peers (draft-cruz-ppsp-http-tracker-protocol-01, section 2).
/// </summary>
/// <remarks>Opaque, ordinal, trimmed, 1 to 256 characters. There is no way to make one but <see cref="TryParse"/>.</remarks>
public readonly record struct PeerId
{
    private readonly string? _value;

    private PeerId(string value) => _value = value;

    /// <summary>The text as it stands on the wire; empty only for a default value that was never parsed.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads an identifier. False when the text is missing, empty, longer than 256 characters or not plain text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PeerId id)
    {
        var ok = IdentifierText.TryNormalize(text, IdentifierText.MaxLength, out var value);
        id = ok ? new PeerId(value!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
