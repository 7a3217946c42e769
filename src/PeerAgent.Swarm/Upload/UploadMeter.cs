using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Upload;

/// <summary>How fast chunks are sent just now: the average of the last two seconds. Safe for concurrent use.</summary>
internal sealed class UploadMeter(Clock clock)
{
    private const int Cells = 8;
    private static readonly TimeSpan CellTime = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly long[] _cells = new long[Cells];
    private long _cell;
    private long _total;

    /// <summary>Bytes a second.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                MoveOn();
                return (long)(_cells.Sum() / (Cells * CellTime.TotalSeconds));
            }
        }
    }

    /// <summary>Bytes since the start.</summary>
    public long TotalBytes
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>Bytes were sent.</summary>
    public void Sent(int bytes)
    {
        lock (_gate)
        {
            MoveOn();
            _cells[_cell % Cells] += bytes;
            _total += bytes;
        }
    }

    private void MoveOn()
    {
        var now = clock.Now.Ticks / CellTime.Ticks;
        for (var i = Math.Max(_cell + 1, now - Cells + 1); i <= now; i++)
        {
            _cells[i % Cells] = 0;
        }

        _cell = Math.Max(_cell, now);
    }
}
