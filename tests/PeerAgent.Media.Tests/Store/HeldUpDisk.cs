using PeerAgent.Media.Store;

namespace PeerAgent.Media.Tests.Store;

/// <summary>Takes all turns of a store's writes, so that none is done until it is released.</summary>
internal sealed class HeldUpDisk
{
    private readonly TaskCompletionSource<PutOutcome> _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<PutOutcome>[] _blockers;

    internal HeldUpDisk(ChunkStore store)
    {
        var started = new CountdownEvent(WriteQueue.AtOnce);
        _blockers =
        [
            .. Enumerable.Range(0, WriteQueue.AtOnce).Select(_ => store.Writes.Start(() =>
            {
                started.Signal();
                return _release.Task;
            })!),
        ];
        Assert.True(started.Wait(Eventually.Deadline));
    }

    internal Task ReleaseAsync()
    {
        _release.TrySetResult(PutOutcome.Stored);
        return Task.WhenAll(_blockers);
    }
}
