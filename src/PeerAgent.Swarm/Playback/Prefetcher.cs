using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Playback;

/// <summary>
/// Fetches what lies in the players' windows before they ask: the urgent part in the order of time, what it is our turn to get
/// first (<see cref="FirstCopyRule"/>), then what lies behind the urgent part, the rarest in the swarm first; the last two only
/// while no player that has little left to play waits. What has left every window is dropped.
/// One loop owns all of it.
/// </summary>
internal sealed class Prefetcher(FetchSite site, FetchTable table, PlaybackWindows windows, PlaybackOptions options)
{
    private const int MaxWithoutHolder = 2;
    private const int MaxFirstCopies = 2;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Crowd = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private readonly FirstCopyRule _first = new(site);
    private readonly Dictionary<ChunkId, Running> _running = [];
    private readonly Dictionary<ChunkId, TimeSpan> _notBefore = [];

    /// <summary>Of chunks that are equally rare each peer begins with another one: so they have something for each other.</summary>
    private readonly int _lot = site.Parts.Dice.Next(int.MaxValue);

    private Clock Clock => site.Parts.Clock;

    /// <summary>Fetches until cancelled; nothing runs when it has returned.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var moved = windows.Moved.Next;
                var changed = site.Directory.Changed.Next;
                Reap();
                var isBusy = Round(cancellationToken);
                if (windows.Count == 0 && !isBusy)
                {
                    await moved.WaitAsync(cancellationToken);
                    continue;
                }

                // Players that fell silent are forgotten, even where nothing is left to fetch.
                Task happens = isBusy ? Task.WhenAny([moved, .. _running.Values.Select(r => r.Task)]) : moved;
                await Clock.WaitAsync(
                    isBusy ? Task.WhenAny(happens, changed) : happens, isBusy ? LookAgain : PlaybackWindows.Forgotten, cancellationToken);
                if (!happens.IsCompleted)
                {
                    // News of peers come in crowds: one look is for all of them.
                    await Clock.WaitAsync(happens, Crowd, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Closing the stream ends its prefetching.
        }
        catch (Exception e)
        {
            // Nobody awaits this before the stream is closed; say it now.
            site.Parts.Logger.PrefetchFaulted(site.SwarmId, e);
            throw;
        }
        finally
        {
            foreach (var running in _running.Values)
            {
                await running.EndAsync();
            }

            // Nobody plays the stream any more: its chunks are the first to go.
            site.Chunks.SetPositions([]);
        }
    }

    /// <summary>Drops what is no longer wanted and starts what is. False when there is nothing to do until a window moves.</summary>
    private bool Round(CancellationToken cancellationToken)
    {
        var layout = site.Chunks.Layout;
        var plan = windows.Plan(layout, Clock.Now).Select(w => w with { Chunk = layout.MissingHashListOf(w.Chunk) ?? w.Chunk }).DistinctBy(w => w.Chunk);
        site.Chunks.SetPositions(windows.Positions(Clock.Now));
        var wanted = plan.Where(w => !site.Chunks.Contains(w.Chunk) && !_notBefore.ContainsKey(w.Chunk)).ToList();
        Drop(wanted);

        // A player that has nothing left to play gets all that its stream's sources can give.
        if (!table.IsPressed(Clock.Now))
        {
            var missing = StartUrgent(wanted, cancellationToken);
            if (!site.Parts.Gate.IsWaitedFor(Clock.Now))
            {
                StartFirstCopies(wanted, cancellationToken);
                if (missing == 0)
                {
                    StartAhead(wanted, cancellationToken);
                }
            }
        }

        return wanted.Count > 0 || _running.Count > 0 || _notBefore.Count > 0;
    }

    private void Drop(List<WindowChunk> wanted)
    {
        var claims = wanted.ToDictionary(w => w.Chunk);
        foreach (var (chunk, running) in _running)
        {
            if (claims.TryGetValue(chunk, out var window))
            {
                running.Urgency = window.Urgency;
                table.Reclaim(chunk, new AheadClaim(window.Urgency, window.Due));
            }
            else
            {
                running.Cancel();
            }
        }

        site.Parts.Gate.LetIn();
    }

    /// <summary>Returns how many urgent chunks are neither here nor on their way.</summary>
    private int StartUrgent(List<WindowChunk> wanted, CancellationToken cancellationToken)
    {
        var room = options.MaxParallelUrgent - _running.Values.Count(r => r.Urgency == Urgency.Soon && !r.IsFirstCopy);
        var odd = MaxWithoutHolder - _running.Count(r => r.Value.Urgency == Urgency.Soon && Holders(r.Key) == 0);
        var missing = 0;
        foreach (var next in wanted.Where(w => w.Urgency == Urgency.Soon && !_running.ContainsKey(w.Chunk)))
        {
            var hasHolder = Holders(next.Chunk) > 0;
            if (room == 0 || (!hasHolder && odd <= 0))
            {
                // Without a holder there is nothing to be started: that must not keep the part behind it waiting.
                missing += hasHolder ? 1 : 0;
                continue;
            }

            room--;
            odd -= hasHolder ? 0 : 1;
            Start(next, cancellationToken);
        }

        return missing;
    }

    /// <summary>What it is our turn to get is got even while the urgent part is not complete: others need it from us.</summary>
    private void StartFirstCopies(List<WindowChunk> wanted, CancellationToken cancellationToken)
    {
        var room = Math.Min(options.MaxParallelAhead, MaxFirstCopies) - _running.Values.Count(r => r.IsFirstCopy);
        if (room <= 0)
        {
            return;
        }

        // What an origin lets nobody keep cannot be passed on.
        var hasOrigin = site.Origins().Any(o => o.LetsKeep);
        var next = wanted
            .Where(w => !_running.ContainsKey(w.Chunk) && _first.IsOurs(w.Chunk, w.Due, Clock.Now) && (hasOrigin || Holders(w.Chunk) > 0))
            .Take(Math.Min(room, RoomInStore(wanted)))
            .ToList();
        foreach (var window in next)
        {
            Start(window, cancellationToken);
            _running[window.Chunk].IsFirstCopy = true;
        }
    }

    private void StartAhead(List<WindowChunk> wanted, CancellationToken cancellationToken)
    {
        var room = Math.Min(options.MaxParallelAhead, RoomInStore(wanted))
            - _running.Values.Count(r => r.Urgency == Urgency.Ahead && !r.IsFirstCopy);
        if (room <= 0)
        {
            return;
        }

        var rarest = wanted
            .Where(w => w.Urgency == Urgency.Ahead && !_running.ContainsKey(w.Chunk))
            .Take(RoomInStore(wanted))
            .Select(w => (Window: w, Holders: Holders(w.Chunk)))
            .Where(w => w.Holders > 0)
            .OrderBy(w => w.Holders)
            .ThenBy(w => Lot(w.Window.Chunk))
            .Take(room)
            .ToList();
        rarest.ForEach(w => Start(w.Window, cancellationToken));
    }

    private uint Lot(ChunkId chunk) => unchecked((uint)(chunk.Index ^ _lot) * 2_654_435_761);

    /// <summary>How many chunks may lie ahead: a window that is larger than half of the store would push itself out.</summary>
    private int RoomInStore(List<WindowChunk> wanted)
    {
        var chunks = site.Chunks.MaxBytes / 2 / Math.Max(1, windows.Count) / Math.Max(1, site.UsualSize);
        return (int)Math.Clamp(chunks - wanted.Count(w => w.Urgency == Urgency.Soon), 0, int.MaxValue);
    }

    private int Holders(ChunkId chunk)
    {
        var now = Clock.Now;
        return site.Directory.Peers.Count(p => p.MayHold(chunk) && p.Health.StateAt(now) is SourceState.Usable or SourceState.Busy);
    }

    private void Start(WindowChunk next, CancellationToken cancellationToken)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var claim = new AheadClaim(next.Urgency, next.Due);
        site.Polling.Touch();
        var task = table.FetchAheadAsync(site.Chunks.Layout, next.Chunk, claim, end.Token);
        _running.Add(next.Chunk, new Running(task, end) { Urgency = next.Urgency });
    }

    private void Reap()
    {
        foreach (var (chunk, running) in _running.Where(r => r.Value.Task.IsCompleted).ToList())
        {
            _running.Remove(chunk);
            running.Dispose();
            if (!running.IsDropped && !site.Chunks.Contains(chunk))
            {
                // Nobody had it, or the disk did not take it: at once again would be round in circles.
                _notBefore[chunk] = Clock.Now + TryAgain;
            }
        }

        foreach (var (chunk, _) in _notBefore.Where(n => n.Value <= Clock.Now).ToList())
        {
            _notBefore.Remove(chunk);
        }
    }

    /// <summary>A chunk on its way.</summary>
    private sealed class Running(Task task, CancellationTokenSource end) : IDisposable
    {
        public Task Task => task;

        public Urgency Urgency { get; set; }

        public bool IsFirstCopy { get; set; }

        public bool IsDropped { get; private set; }

        public void Cancel()
        {
            IsDropped = true;
            end.Cancel();
        }

        public async Task EndAsync()
        {
            await end.CancelAsync();
            await task;
            end.Dispose();
        }

        public void Dispose() => end.Dispose();
    }
}
