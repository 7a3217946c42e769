namespace PeerAgent.Swarm.Sources;

/// <summary>When a peer's map was and will be asked for. Safe for concurrent use; times are those of the stream's clock.</summary>
internal sealed class PollState
{
    private readonly Lock _gate = new();
    private TimeSpan _next;
    private TimeSpan _last = TimeSpan.MinValue;
    private int _failures;
    private bool _running;
    private bool _wanted = true;

    /// <summary>Tag of the map we have, or null.</summary>
    public string? Tag { get; private set; }

    /// <summary>Polls that failed in a row.</summary>
    public int Failures
    {
        get
        {
            lock (_gate)
            {
                return _failures;
            }
        }
    }

    /// <summary>True once a poll succeeded, and the last one did.</summary>
    public bool Answers
    {
        get
        {
            lock (_gate)
            {
                return _failures == 0 && _last > TimeSpan.MinValue;
            }
        }
    }

    /// <summary>When it is due, or null while one runs or, in a stream not in use, when nobody asked for it.</summary>
    public TimeSpan? DueAt(bool inUse)
    {
        lock (_gate)
        {
            return _running || !(inUse || _wanted) ? null : _next;
        }
    }

    /// <summary>Asks for a poll soon, unless there was one a moment ago.</summary>
    public void Want(TimeSpan now, TimeSpan freshFor)
    {
        lock (_gate)
        {
            if (_last == TimeSpan.MinValue || now - _last > freshFor)
            {
                _wanted = true;
                _next = now < _next ? now : _next;
            }
        }
    }

    /// <summary>A poll begins. False when one runs already.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_running)
            {
                return false;
            }

            _running = true;
            _wanted = false;
            return true;
        }
    }

    /// <summary>A poll ended.</summary>
    public void End(TimeSpan now, TimeSpan next, bool succeeded, string? tag)
    {
        lock (_gate)
        {
            _running = false;
            _next = next;
            _failures = succeeded ? 0 : _failures + 1;
            if (succeeded)
            {
                _last = now;
                Tag = tag;
            }
        }
    }

    /// <summary>A poll was cut short by us.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _running = false;
            _wanted = true;
        }
    }
}
