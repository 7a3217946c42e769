using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ppsp.Protocol.Ids;

/// <summary>
/// Ties a response to its request; echoed letter for letter (draft-cruz-ppsp-http-tracker-protocol-01, section 4.1). We write random positive decimals and read any token.
/// </summary>
/// <remarks>Opaque, ordinal, trimmed, 1 to 64 characters. There is no way to make one but <see cref="TryParse"/>.</remarks>
public readonly record struct TransactionId
{
    /// <summary>The longest token that is echoed, in characters.</summary>
    public const int MaxLength = 64;

    private readonly string? _value;

    private TransactionId(string value) => _value = value;

    /// <summary>The text as it stands on the wire; empty only for a default value that was never parsed.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads an identifier. False when the text is missing, empty, longer than 64 characters or not plain text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TransactionId id)
    {
        var ok = IdentifierText.TryNormalize(text, MaxLength, out var value);
        id = ok ? new TransactionId(value!) : default;
        return ok;
    }

    /// <summary>A fresh identifier: a decimal from 1 to 2^31 - 1, drawn from <paramref name="random"/>.</summary>
    public static TransactionId Create(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new TransactionId(random.Next(1, int.MaxValue).ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
