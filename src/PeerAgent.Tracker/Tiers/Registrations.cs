namespace PeerAgent.Tracker.Tiers;

/// <summary>
/// Who is registered where. A tracker knows one peer, whatever the number of sessions: DISCONNECT is allowed to the last
/// of them only (draft-cruz-ppsp-http-tracker-protocol-01, section 4.5), and a CONNECT waits for a DISCONNECT on its way.
/// Safe to share.
/// </summary>
internal sealed class Registrations
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Uri, Place> _places = [];

    /// <summary>Takes a place at a tracker; CONNECT may be sent once <see cref="Registration.Ready"/> is done.</summary>
    public Registration Enter(Uri tracker)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(tracker, out var place))
            {
                _places[tracker] = place = new Place();
            }

            place.Sessions++;
            return new Registration(this, tracker, place.Quitting?.Task ?? Task.CompletedTask);
        }
    }

    /// <summary>Gives the place back. True for the last one, who then says DISCONNECT and calls <see cref="QuitDone"/>.</summary>
    internal bool TryBeginQuit(Uri tracker)
    {
        lock (_gate)
        {
            var place = _places[tracker];
            place.Sessions--;
            if (place.Sessions > 0 || place.Quitting is not null)
            {
                return false;
            }

            place.Quitting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    internal void QuitDone(Uri tracker)
    {
        lock (_gate)
        {
            var place = _places[tracker];
            place.Quitting?.SetResult();
            place.Quitting = null;
            RemoveIfUnused(tracker, place);
        }
    }

    /// <summary>Gives the place back without a word, because the tracker cannot be reached.</summary>
    internal void Abandon(Uri tracker)
    {
        lock (_gate)
        {
            var place = _places[tracker];
            place.Sessions--;
            RemoveIfUnused(tracker, place);
        }
    }

    private void RemoveIfUnused(Uri tracker, Place place)
    {
        if (place is { Sessions: 0, Quitting: null })
        {
            _places.Remove(tracker);
        }
    }

    private sealed class Place
    {
        public int Sessions { get; set; }

        public TaskCompletionSource? Quitting { get; set; }
    }
}
