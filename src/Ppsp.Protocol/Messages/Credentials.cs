using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>
/// Who the user behind a peer is (draft-cruz-ppsp-http-tracker-protocol-01, section 4.1). Never shows its content:
/// <see cref="ToString"/> tells only what is there.
/// </summary>
/// <param name="UserId">The user, or null.</param>
/// <param name="AuthToken">The bearer token, up to 4,096 characters, or null.</param>
public sealed record Credentials(UserId? UserId, string? AuthToken)
{
    /// <summary>Longest token in characters.</summary>
    public const int MaxTokenLength = 4096;

    /// <summary>Neither user nor token.</summary>
    public static Credentials None { get; } = new(null, null);

    /// <summary>Says only whether a user and a token are there.</summary>
    public override string ToString() =>
        $"user {(UserId is null ? "not given" : "given")}, token {(AuthToken is null ? "not given" : "given")}";
}
