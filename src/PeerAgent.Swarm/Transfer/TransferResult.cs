namespace PeerAgent.Swarm.Transfer;

/// <summary>How asking a source ended.</summary>
internal enum TransferResult
{
    /// <summary>Everything that was asked for arrived.</summary>
    Done,

    /// <summary>The source says that it has not got it.</summary>
    NotHeld,

    /// <summary>The source does not serve us.</summary>
    Forbidden,

    /// <summary>The source has too much to do.</summary>
    Overloaded,

    /// <summary>No address of the source could be reached.</summary>
    Unreachable,

    /// <summary>The source took too long: for its head, between two bytes, or in all.</summary>
    TooSlow,

    /// <summary>The body ended before its end.</summary>
    BrokenOff,

    /// <summary>The answer is not what the protocol says.</summary>
    Malformed,

    /// <summary>The answer is longer than anything we take.</summary>
    TooLarge,

    /// <summary>The chunk ends before the part that was asked for.</summary>
    NoSuchPart,

    /// <summary>We ourselves did not want this answer (<see cref="ITransferSink.Begin"/> or <see cref="ITransferSink.Advance"/> said no).</summary>
    Unwanted,
}

/// <summary>How asking a source ended, in words too.</summary>
/// <param name="Result">The kind of end.</param>
/// <param name="Detail">A part of a sentence for people, for example <c>no answer within 4 s</c>.</param>
/// <param name="RetryAfter">How long the source wants to be left alone, or null.</param>
internal sealed record TransferOutcome(TransferResult Result, string Detail, TimeSpan? RetryAfter = null)
{
    public static readonly TransferOutcome Done = new(TransferResult.Done, "done");
}
