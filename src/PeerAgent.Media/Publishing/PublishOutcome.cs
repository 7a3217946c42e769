namespace PeerAgent.Media.Publishing;

/// <summary>What became of a step of publishing: a value, or one sentence that says what to do.</summary>
/// <typeparam name="T">What the step makes.</typeparam>
public abstract record PublishOutcome<T>
{
    private PublishOutcome()
    {
    }

    /// <summary>The step was done.</summary>
    /// <param name="Value">What it made.</param>
    public sealed record Done(T Value) : PublishOutcome<T>;

    /// <summary>The step was not done.</summary>
    /// <param name="Error">One sentence for the person who publishes.</param>
    public sealed record Refused(string Error) : PublishOutcome<T>;
}
