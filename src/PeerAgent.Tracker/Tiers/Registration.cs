namespace PeerAgent.Tracker.Tiers;

/// <summary>A session's place at a tracker. Given back once, by <see cref="Abandon"/> or <see cref="TryBeginQuit"/>.</summary>
internal sealed class Registration(Registrations owner, Uri tracker, Task ready)
{
    private int _givenBack;

    /// <summary>Done when no earlier DISCONNECT to this tracker is on its way.</summary>
    public Task Ready => ready;

    /// <summary>Gives the place back. True when DISCONNECT is to be sent, after which <see cref="QuitDone"/> is called.</summary>
    public bool TryBeginQuit() => Interlocked.Exchange(ref _givenBack, 1) == 0 && owner.TryBeginQuit(tracker);

    /// <summary>DISCONNECT was answered or given up.</summary>
    public void QuitDone() => owner.QuitDone(tracker);

    /// <summary>Gives the place back without DISCONNECT.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _givenBack, 1) == 0)
        {
            owner.Abandon(tracker);
        }
    }
}
