using System.Diagnostics.CodeAnalysis;

namespace Ppsp.Protocol.Ids;

/// <summary>
/// Identifies the user behind a peer (draft-cruz-ppsp-http-tracker-protocol-01, section 2).
/// </summary>
/// <remarks>Opaque, ordinal, trimmed, 1 to 256 characters. There is no way to make one but <see cref="TryParse"/>.</remarks>
public readonly record struct UserId
{
    private readonly string? _value;

    private UserId(string value) => _value = value;

    /// <summary>The text as it stands on the wire; empty only for a default value that was never parsed.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads an identifier. False when the text is missing, empty, longer than 256 characters or not plain text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id)
    {
        var ok = IdentifierText.TryNormalize(text, IdentifierText.MaxLength, out var value);
        id = ok ? new UserId(value!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
