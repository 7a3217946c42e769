using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// The fetches of one stream that look for sources, in the order in which they may take them: what a player waits for, then
/// what is due first. A source that gets free goes to the first that has use for it, whoever noticed. What the fetches know of
/// their attempts is guarded by its lock. One loop watches over all of them, so that news costs one look however many there are.
/// Safe for concurrent use.
/// </summary>
internal sealed class FetchLine(Clock clock, Signal changed)
{
    /// <summary>Without news there is something to do when a source is silent or late; nobody looks for that more often.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(40);

    private readonly Lock _gate = new();
    private readonly Signal _entered = new();
    private readonly List<ChunkFetch> _fetches = [];
    private Task? _news;
    private TimeSpan _last;

    /// <summary>Guards the attempts of all fetches in line.</summary>
    public Lock Gate => _gate;

    /// <summary>The fetch looks for sources from now on.</summary>
    public void Enter(ChunkFetch fetch)
    {
        lock (_gate)
        {
            _fetches.Add(fetch);
            _news = null;
        }

        _entered.Pulse();
    }

    /// <summary>It does no longer, and is not called any more. No effect when it is not in line.</summary>
    public void Leave(ChunkFetch fetch)
    {
        lock (_gate)
        {
            _fetches.Remove(fetch);
        }
    }

    /// <summary>Lets the fetches in line take what they need whenever there is news, and looks after silent and late sources, until cancelled.</summary>
    /// <param name="faulted">Told of an error of ours, which nobody awaits before the stream is closed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<Exception> faulted, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var entered = _entered.Next;
                var news = changed.Next;
                if (IsEmpty)
                {
                    await entered.WaitAsync(cancellationToken);
                    continue;
                }

                Employ();
                await clock.WaitAsync(news, Tick, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The stream is closed.
        }
        catch (Exception e)
        {
            faulted(e);
            throw;
        }
    }

    /// <summary>Lets each take what it needs, one after the other; does nothing when that was done since the last news.</summary>
    public void Employ()
    {
        lock (_gate)
        {
            var news = changed.Next;
            if (news == _news && clock.Now - _last < Tick)
            {
                return;
            }

            (_news, _last) = (news, clock.Now);
            foreach (var fetch in _fetches.OrderBy(f => (f.Urgency, f.Due)).ToList())
            {
                fetch.Employ();
            }
        }
    }

    private bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _fetches.Count == 0;
            }
        }
    }
}
