namespace PeerAgent.Tracker.Client;

/// <summary>How long and how often a request is tried.</summary>
/// <param name="AttemptTimeout">Longest wait for one attempt.</param>
/// <param name="Retries">How often it is repeated, 0 = never.</param>
/// <param name="Budget">Longest time in all, waits between attempts included.</param>
internal sealed record Patience(TimeSpan AttemptTimeout, int Retries, TimeSpan Budget)
{
    /// <summary>So many attempts without an answer in time are the end, whatever retries are left.</summary>
    public int MostSilences { get; init; } = int.MaxValue;

    /// <summary>Ask also a tracker that is being left alone.</summary>
    public bool Insist { get; init; }

    /// <summary>The same, but ending after <paramref name="limit"/> at the latest.</summary>
    public Patience Within(TimeSpan limit)
    {
        var budget = limit < Budget ? limit : Budget;
        return this with { Budget = budget, AttemptTimeout = budget < AttemptTimeout ? budget : AttemptTimeout };
    }
}
