using System.Diagnostics.CodeAnalysis;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>Why a message could not be read, and what may be said about it to its sender.</summary>
/// <param name="Code">The code to answer with.</param>
/// <param name="Reason">One sentence for logs and problem bodies; never holds credentials.</param>
/// <param name="TransactionId">The message's identifier, where it could be found all the same.</param>
public sealed record CodecRefusal(ResponseCode Code, string Reason, TransactionId? TransactionId)
{
    /// <summary>True when the message is longer than is read, before or after gunzip: HTTP 413 rather than the code's status.</summary>
    public bool TooLarge { get; init; }
}

/// <summary>A message that was read, or the reason why not. Exactly one of the two is there.</summary>
/// <typeparam name="T">The message.</typeparam>
public readonly struct Decoded<T>
    where T : class
{
    private Decoded(T? value, CodecRefusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    /// <summary>The message, or null.</summary>
    public T? Value { get; }

    /// <summary>The reason why there is none, or null.</summary>
    public CodecRefusal? Refusal { get; }

    /// <summary>True with the message, false with the reason.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out CodecRefusal? refusal)
    {
        value = Value;
        refusal = value is null ? Refusal ?? new CodecRefusal(ResponseCode.InvalidSyntax, "Nothing was read.", null) : null;
        return value is not null;
    }

    /// <summary>A message that was read.</summary>
    public static implicit operator Decoded<T>(T value) => new(value, null);

    /// <summary>A message that was not.</summary>
    public static implicit operator Decoded<T>(CodecRefusal refusal) => new(null, refusal);
}
