namespace PeerAgent.Media.Store;

/// <summary>What became of a chunk that was handed to the store.</summary>
/// <param name="Outcome">
/// Known at once: <see cref="PutOutcome.Admitted"/> for a good chunk, which can be opened from now on, or why it was not
/// taken: <see cref="PutOutcome.AlreadyHeld"/>, <see cref="PutOutcome.Damaged"/>, <see cref="PutOutcome.Refused"/>.
/// </param>
/// <param name="Kept">
/// Ends when the chunk is on disk (<see cref="PutOutcome.Stored"/>) or could not be written
/// (<see cref="PutOutcome.MemoryOnly"/>), or has lost its place meanwhile (<see cref="PutOutcome.Refused"/>); the store
/// sees to it, whether anybody waits or not. Of a chunk that was not admitted, its outcome at once.
/// </param>
public sealed record Admission(PutOutcome Outcome, Task<PutOutcome> Kept)
{
    internal static Admission Denied(PutOutcome outcome) => new(outcome, Task.FromResult(outcome));
}
