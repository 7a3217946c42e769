namespace PeerAgent.Swarm.Transfer;

/// <summary>Lets so many chunks be fetched at a time in the whole process; the rest wait in line.</summary>
internal sealed class FetchGate(int most) : IDisposable
{
    private readonly SemaphoreSlim _room = new(most, most);

    /// <summary>Waits for a turn; disposing what it returns ends the turn.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        return new Turn(_room);
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private sealed class Turn(SemaphoreSlim room) : IDisposable
    {
        public void Dispose() => room.Release();
    }
}
