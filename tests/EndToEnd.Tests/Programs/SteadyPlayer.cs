namespace EndToEnd.Tests.Programs;

/// <summary>
/// Plays a stream of small chunks over and over: one GET after the other at a steady pace, every byte compared. What is not
/// as it should be is kept for the end of the test.
/// </summary>
internal sealed class SteadyPlayer : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _playing;
    private readonly Uri _stream;
    private readonly string _id;
    private readonly IReadOnlyList<byte[]> _chunks;
    private int _played;

    public SteadyPlayer(Agent agent, string stream, string id, IReadOnlyList<byte[]> chunks)
    {
        _stream = new Uri(agent.Proxy, stream + "/");
        _id = id;
        _chunks = chunks;
        _playing = PlayAsync();
    }

    /// <summary>How many chunks came, all of them right.</summary>
    public int Played => Volatile.Read(ref _played);

    /// <summary>The longest wait for a chunk.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Waits until some more chunks have come.</summary>
    public async Task GoesOnAsync(int chunks)
    {
        var goal = Played + chunks;
        await Eventually.HoldsAsync(
            () => Played >= goal || (_playing.IsCompleted ? throw new InvalidOperationException($"Playing ended after {Played}: {_playing.Exception}") : false),
            $"{chunks} more chunks are played");
    }

    /// <summary>Stops playing; throws what went wrong.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _playing;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_playing);
        _stop.Dispose();
    }

    /// <summary>Plays a chunk out of line.</summary>
    public async Task GetAsync(int index, byte[] expected)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_stream, SmallFilm.NameOf(index)));
        request.Headers.Add("X-Player-Id", _id);
        using var answer = await Agent.Client.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"Chunk {index}: {System.Text.Encoding.UTF8.GetString(content)}");
        Assert.True(content.AsSpan().SequenceEqual(expected), $"Chunk {index} is not as it was published.");
        var waited = TimeProvider.System.GetElapsedTime(started);
        LongestWait = waited > LongestWait ? waited : LongestWait;
    }

    private async Task PlayAsync()
    {
        using var timer = new PeriodicTimer(Pace);
        for (var i = 0; !_stop.IsCancellationRequested; i = (i + 1) % _chunks.Count)
        {
            await GetAsync(i, _chunks[i]);
            Interlocked.Increment(ref _played);
            await timer.WaitForNextTickAsync();
        }
    }
}
