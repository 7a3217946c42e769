using System.Globalization;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Client;

/// <summary>How a request to a tracker ended. The closed family stands in this file.</summary>
internal abstract record TrackerOutcome
{
    /// <summary>What became of it in one word, of not more than a dozen.</summary>
    public abstract string Label { get; }
}

/// <summary>The tracker did what it was asked for.</summary>
internal sealed record TrackerAnswer(TrackerResponse Response) : TrackerOutcome
{
    public override string Label => "ok";
}

/// <summary>An outcome other than an answer.</summary>
/// <param name="Sentence">What happened, for people; says nothing secret.</param>
internal abstract record TrackerFailure(string Sentence) : TrackerOutcome;

/// <summary>The tracker answered and said no.</summary>
/// <param name="Code">Its code, never <see cref="ResponseCode.Ok"/>.</param>
/// <param name="Sentence">What happened, for people.</param>
/// <param name="RetryAfter">How long it wants to be left alone, where it said so.</param>
internal sealed record TrackerRefusal(ResponseCode Code, string Sentence, TimeSpan? RetryAfter = null) : TrackerFailure(Sentence)
{
    public override string Label => Code.HttpStatus().ToString(CultureInfo.InvariantCulture);
}

/// <summary>There was no answer.</summary>
internal sealed record TrackerUnreachable(UnreachableKind Kind, string Sentence) : TrackerFailure(Sentence)
{
    public override string Label => Kind switch
    {
        UnreachableKind.NameUnknown => "name-unknown",
        UnreachableKind.NoConnection => "no-connection",
        UnreachableKind.NotSecure => "not-secure",
        UnreachableKind.Broken => "broken",
        UnreachableKind.TimedOut => "timed-out",
        UnreachableKind.LeftAlone => "left-alone",
        UnreachableKind.Cancelled => "cancelled",
        _ => throw new InvalidOperationException($"Unknown kind {Kind}."),
    };
}

/// <summary>There was an answer, but not one of a tracker, or not to this request.</summary>
internal sealed record TrackerMalformed(string Sentence) : TrackerFailure(Sentence)
{
    public override string Label => "malformed";
}

/// <summary>Why there was no answer.</summary>
internal enum UnreachableKind
{
    /// <summary>The host's name is not known.</summary>
    NameUnknown,

    /// <summary>No connection came about.</summary>
    NoConnection,

    /// <summary>TLS failed.</summary>
    NotSecure,

    /// <summary>The connection ended before the answer did.</summary>
    Broken,

    /// <summary>Nothing, or not everything, arrived in time.</summary>
    TimedOut,

    /// <summary>It failed so often that it is left alone for a while.</summary>
    LeftAlone,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}
