using System.Diagnostics;
using SwarmEmulation.Agents;
using SwarmEmulation.Films;

namespace SwarmEmulation.Swarms;

/// <summary>
/// A player: posts the manifest, gets chunk after chunk, keeps some seconds ahead, plays in real time, and notes whenever it
/// has nothing to play.
/// </summary>
internal sealed class Viewer(Uri proxy, Film film, byte[] manifest, ViewerPlan plan) : IDisposable
{
    private const double TooSmallToSee = 20;

    private readonly Door _door = new(proxy, "viewer");
    private readonly Queue<(TimeSpan At, int Chunk)> _seeks = new(plan.Seeks);
    private readonly ViewerResult _result = new();
    private long _started;

    /// <summary>When what is here has been played, milliseconds since the start; null while it waits for a first chunk.</summary>
    private double? _emptyAt;
    private double? _seekingSince;

    private double Now => Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    private double ChunkLength => film.ChunkSeconds * 1000;

    /// <inheritdoc/>
    public void Dispose() => _door.Dispose();

    /// <summary>Plays the film, or until cancelled.</summary>
    public async Task<ViewerResult> PlayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(plan.StartAfter, cancellationToken);
            _started = Stopwatch.GetTimestamp();
            await _door.PostAsync(manifest);
            _result.Posted = Now;
            await PlayChunksAsync(cancellationToken);
            if (_emptyAt > Now)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_emptyAt.Value - Now), cancellationToken);
            }

            _result.Finished = true;
        }
        catch (OperationCanceledException)
        {
            // It took far too long; the stall that goes on counts, too.
            Stall(Now - (_emptyAt ?? _seekingSince ?? 0));
        }

        _result.State = await _door.DescribeAsync(film.Swarm);
        return _result;
    }

    private async Task PlayChunksAsync(CancellationToken cancellationToken)
    {
        for (var chunk = 0; chunk < film.Chunks;)
        {
            if (_seeks.TryPeek(out var seek) && Now >= seek.At.TotalMilliseconds)
            {
                chunk = _seeks.Dequeue().Chunk;
                (_emptyAt, _seekingSince) = (null, Now);
            }

            if (_emptyAt - Now > ViewerPlan.Buffer.TotalMilliseconds - ChunkLength)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            else if (await _door.GetAsync(film.Swarm, Film.NameOf(chunk), cancellationToken) is { } time)
            {
                Take(time);
                chunk++;
            }
            else
            {
                _result.Failures++;
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private void Take(ChunkTime time)
    {
        var now = Now;
        _result.FirstBytes.Add(time.FirstByte.TotalMilliseconds);
        if (_result.StartUp == 0)
        {
            _result.StartUp = now;
        }

        if (_seekingSince is { } since)
        {
            _result.Seeks.Add(now - since);
            _seekingSince = null;
        }

        if (_emptyAt is { } empty && now - empty > TooSmallToSee)
        {
            Stall(now - empty);
            _emptyAt = now;
        }

        _emptyAt = (_emptyAt ?? now) + ChunkLength;
    }

    private void Stall(double milliseconds)
    {
        _result.Stalls++;
        _result.StalledFor += milliseconds;
    }
}
