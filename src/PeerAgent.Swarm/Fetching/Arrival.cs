using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// A chunk without a hash on its way to those who wait. The first source whose bytes look right leads; when it breaks
/// off, another one may go on where it stopped, if it says that the chunk is as long. Safe for concurrent use.
/// </summary>
internal sealed class Arrival(string contentType)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ChunkBuffer> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrivalAttempt? _leader;
    private ChunkBuffer? _led;
    private (string? Tag, bool FromOrigin) _ledTag;
    private bool _takesAnything;

    /// <summary>What the chunk's name promises.</summary>
    public string ContentType => contentType;

    /// <summary>Ends with the buffer as soon as somebody leads.</summary>
    public Task<ChunkBuffer> Started => _started.Task;

    /// <summary>The bytes that those who wait see, or null when there are none yet.</summary>
    public ChunkBuffer? Led
    {
        get
        {
            lock (_gate)
            {
                return _led;
            }
        }
    }

    /// <summary>True when another source may go on after the leader broke off.</summary>
    public bool CanGoOn => Led?.Announced is not null;

    /// <summary>True when this attempt leads.</summary>
    public bool IsLedBy(ArrivalAttempt attempt)
    {
        lock (_gate)
        {
            return _leader == attempt;
        }
    }

    /// <summary>From now on bytes need not look right: all sources send the same odd ones.</summary>
    public void TakeAnything()
    {
        lock (_gate)
        {
            _takesAnything = true;
        }
    }

    /// <summary>The leader broke off; somebody else may lead.</summary>
    public void LeaderLost()
    {
        lock (_gate)
        {
            _leader = null;
        }
    }

    /// <summary>An attempt's answer begins. False when it is not wanted.</summary>
    public bool Begin(ArrivalAttempt attempt, TransferHead head)
    {
        lock (_gate)
        {
            if (_led is null)
            {
                attempt.Buffer.Announced = head.TotalLength;
                return head.Offset == 0;
            }

            if (_leader is not null || head.TotalLength is null || head.TotalLength != _led.Announced || head.Offset > _led.Length
                || IsOtherContent(attempt))
            {
                return false;
            }

            _leader = attempt;
            attempt.ContinueIn(_led, head.Offset);
            return true;
        }
    }

    /// <summary>Bytes of an attempt came. False when no more are wanted.</summary>
    public bool Advanced(ArrivalAttempt attempt)
    {
        lock (_gate)
        {
            return _leader == attempt || (_led is null && TryLead(attempt, isWhole: false));
        }
    }

    /// <summary>An attempt is done; true when it leads, now at the latest.</summary>
    public bool Finished(ArrivalAttempt attempt)
    {
        lock (_gate)
        {
            return _leader == attempt || (_led is null && TryLead(attempt, isWhole: true) && _leader == attempt);
        }
    }

    /// <summary>False when the bytes look wrong; true when they look right, and then the attempt leads, or when it is too early to say.</summary>
    private bool TryLead(ArrivalAttempt attempt, bool isWhole)
    {
        Span<byte> start = stackalloc byte[ContainerCheck.Enough + 2];
        start = start[..attempt.Buffer.Peek(0, start)];
        var skip = attempt.MayBeginWithLineBreak ? LineBreakBefore(start, isWhole) : 0;
        var look = skip > 0 ? ContainerLook.Right : ContainerCheck.Look(contentType, start, isWhole);
        if (look == ContainerLook.TooEarly && !isWhole)
        {
            return true;
        }

        if (look != ContainerLook.Right && !(_takesAnything && look == ContainerLook.Odd))
        {
            attempt.IsSuspect = look != ContainerLook.Page;
            attempt.IsPage = look == ContainerLook.Page;
            return false;
        }

        if (skip > 0)
        {
            attempt.Buffer.TrimStart(skip);
            attempt.Buffer.Announced -= skip;
        }

        _leader = attempt;
        _led = attempt.Buffer;
        _ledTag = (attempt.EntityTag, attempt.Source.IsOrigin);
        _started.TrySetResult(_led);
        return true;
    }

    /// <summary>Peers make entity tags of the content alike; an origin makes its own.</summary>
    private bool IsOtherContent(ArrivalAttempt attempt) =>
        attempt.EntityTag is { } tag && _ledTag.Tag is { } led && attempt.Source.IsOrigin == _ledTag.FromOrigin && tag != led;

    /// <summary>Length of a line break that some peers put between envelope and media: only where the container shows that it is none of its bytes.</summary>
    private int LineBreakBefore(ReadOnlySpan<byte> start, bool isWhole)
    {
        var length = start.StartsWith("\r\n"u8) ? 2 : start.StartsWith("\n"u8) ? 1 : 0;
        return length > 0
            && ContainerCheck.Look(contentType, start, isWhole) == ContainerLook.Odd
            && ContainerCheck.Look(contentType, start[length..], isWhole) == ContainerLook.Right
            ? length
            : 0;
    }
}
