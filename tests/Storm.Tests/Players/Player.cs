using PeerAgent.Media.Store;
using PeerAgent.Swarm.Fetching;
using Ppsp.Protocol.Chunks;
using Storm.Tests.Checks;
using Storm.Tests.Films;
using Storm.Tests.Scenes;

namespace Storm.Tests.Players;

/// <summary>
/// Somebody who watches a film: asks for one chunk after the other at the pace of playback, looks at every byte, and at
/// how every wait ends.
/// </summary>
internal sealed class Player(int number, Stage stage, Random dice)
{
    private const int Near = 9;
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _buffer = new byte[3000];
    private Action _leave = () => { };
    private Action _dropRequest = () => { };
    private int _next;
    private ChunkId? _asked;

    public string Name => $"player {number}";

    public Film? Film { get; private set; }

    public int Level { get; set; }

    /// <summary>Ends when the player has left.</summary>
    public Task Watching { get; private set; } = Task.CompletedTask;

    /// <summary>Chunks that it got.</summary>
    public long Got { get; private set; }

    /// <summary>Waits that ended without a chunk.</summary>
    public long Missed { get; private set; }

    /// <summary>True when a chunk may lie in the player's playback window: a little behind what it asked for last, or ahead of it.</summary>
    public bool MayWant(Film film, ChunkId chunk) =>
        Film == film && _asked is { } asked && (Film.IsList(chunk) || (chunk.Index > asked.Index - Near && chunk.Index <= asked.Index + Near + Rooms.ChunksAhead));

    /// <summary>Starts to watch.</summary>
    public void Play(Film film, int level, int from)
    {
        Film = film;
        Level = level;
        _next = from;
        var leave = new CancellationTokenSource();
        _leave = leave.Cancel;
        Watching = WatchAsync(film, leave);
    }

    /// <summary>Goes on elsewhere; what it waits for just now may be dropped.</summary>
    public void Seek(int to, bool dropsRequest)
    {
        _next = to;
        if (dropsRequest)
        {
            _dropRequest();
        }
    }

    /// <summary>Leaves the film.</summary>
    public void Leave()
    {
        _leave();
        if (Film is { } film && stage.Rooms.PartOf(film) is { } part)
        {
            part.Stream.PlayerLeft(Name);
        }

        Film = null;
        _asked = null;
    }

    private async Task WatchAsync(Film film, CancellationTokenSource leave)
    {
        using var ends = leave;
        var due = stage.Now;
        try
        {
            while (true)
            {
                var chunk = film.Id(Level, _next);
                _next = (_next + 1) % film.Count;
                if (stage.Rooms.PartOf(film) is { } part)
                {
                    await RequestAsync(part, chunk, leave.Token);
                }

                due = due + film.Plan.ChunkPlays > stage.Now ? due + film.Plan.ChunkPlays : stage.Now + TimeSpan.FromMilliseconds(20);
                await Task.Delay(due - stage.Now, stage.Time, leave.Token);
            }
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // It has left.
        }
        catch (Exception e)
        {
            stage.Findings.Add($"{Name} got an exception: {e}");
        }
    }

    private async Task RequestAsync(Part part, ChunkId chunk, CancellationToken leave)
    {
        using var request = CancellationTokenSource.CreateLinkedTokenSource(leave);
        _dropRequest = request.Cancel;
        stage.Waiting.Begin(part.Film.SwarmId, chunk);
        try
        {
            await AskAsync(part, chunk, TimeSpan.FromMilliseconds(dice.Next(500, 10_000)), request.Token);
        }
        catch (OperationCanceledException) when (request.IsCancellationRequested)
        {
            // It wants another chunk now.
        }
        finally
        {
            _dropRequest = () => { };
            stage.Waiting.End(part.Film.SwarmId, chunk);
        }
    }

    private async Task AskAsync(Part part, ChunkId chunk, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = stage.Now;
        _asked = chunk;
        part.Stream.PlayerAsked(Name, chunk);
        using var waiting = stage.Rooms.OwnPlayers.Waiting(part.Stream.LeftBefore(chunk));
        var outcome = await part.Stream.GetAsync(chunk, deadline, cancellationToken);
        var waited = stage.Now - started;
        if (waited > deadline + Slack)
        {
            Complain($"waited {waited.TotalMilliseconds} ms for {chunk}, and its deadline was {deadline.TotalMilliseconds} ms");
        }

        switch (outcome)
        {
            case ChunkOutcome.Held held:
                await ReadAsync(part, chunk, held.Chunk);
                break;
            case ChunkOutcome.Arriving arriving:
                using (arriving.Chunk)
                {
                    await ReadAsync(part, chunk, arriving.Chunk, cancellationToken);
                }

                break;
            case ChunkOutcome.Closed when part.IsClosed:
                break;
            case ChunkOutcome.NotFound or ChunkOutcome.TimedOut:
                Missed++;
                LookAtMiss(part, chunk, started, deadline, $"{outcome}");
                break;
            default:
                Complain($"asked for {chunk} and got {outcome}");
                break;
        }
    }

    private async Task ReadAsync(Part part, ChunkId chunk, StoredChunk stored)
    {
        using (stored)
        {
            Got++;
            if (await Bytes.TroubleAsync(stage, part.Film, chunk, stored) is { } trouble)
            {
                Complain($"was handed {chunk}: {trouble}");
            }
        }
    }

    private async Task ReadAsync(Part part, ChunkId chunk, ChunkArrival arrival, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var isWhole = false;
        try
        {
            await using var stream = arrival.OpenRead();
            while (await stream.ReadAsync(_buffer, cancellationToken) is > 0 and var read)
            {
                bytes.Write(_buffer, 0, read);
            }

            isWhole = true;
            Got++;
        }
        catch (IOException)
        {
            // Broke off, and nobody could go on.
            Missed++;
        }

        var trouble = Bytes.Trouble(part.Film, chunk, bytes.ToArray(), isWhole, stage.Network.Senders);
        if (trouble is not null)
        {
            Complain($"read {chunk} while it arrived: {trouble}");
        }
    }

    /// <summary>A chunk that a steady peer held all the while must come.</summary>
    private void LookAtMiss(Part part, ChunkId chunk, TimeSpan started, TimeSpan deadline, string outcome)
    {
        if (stage.Promised(part, chunk, started, deadline) is { } peer)
        {
            Complain($"asked for {chunk} for {deadline.TotalMilliseconds} ms and got {outcome}, but {peer.Id} had it all the while");
        }
    }

    private void Complain(string what) => stage.Findings.Add($"{Name} {what}");
}
