using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Ppsp.Protocol.Ids;

namespace TestSupport.Peers;

/// <summary>The chunks of a fake, and how it answers for them.</summary>
public sealed class ChunkScript
{
    private readonly ConcurrentQueue<ChunkStep> _steps = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    /// <summary>Right bytes by file name.</summary>
    public ConcurrentDictionary<string, byte[]> Chunks { get; } = new();

    /// <summary>How requests are answered when no step is left.</summary>
    public ChunkStep Otherwise { get; set; } = new ChunkStep.Raw();

    /// <summary>Requests in work now.</summary>
    public int InWork => Volatile.Read(ref _open);

    /// <summary>The next requests are answered like this, one step each.</summary>
    public void Then(params ChunkStep[] steps)
    {
        foreach (var step in steps)
        {
            _steps.Enqueue(step);
        }
    }

    /// <summary>Lets every answer that waits go on, now and later.</summary>
    public void OpenGate() => _gate.TrySetResult();

    internal async Task PlayAsync(HttpContext context, string path, TransactionId? transactionId)
    {
        Interlocked.Increment(ref _open);
        try
        {
            var step = _steps.TryDequeue(out var next) ? next : Otherwise;
            var content = Chunks.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..]);
            await step.PlayAsync(
                new ChunkScene(context, content, transactionId, () => _gate.Task.WaitAsync(context.RequestAborted)));
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
