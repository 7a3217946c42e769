namespace TestSupport.Links;

/// <summary>One direction of a link: the rate that all its connections share, the dice for losses, and what has crossed.</summary>
internal sealed class LinkLane(TimeProvider time, Random random)
{
    private const int SegmentBytes = 1448;
    private const int MaxPieceBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _free;
    private long _bytes;

    /// <summary>Bytes that were taken in.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Time since the lane was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_started);

    /// <summary>Bytes to take in one go: what crosses in ten milliseconds, so that connections take turns.</summary>
    public static int PieceBytes(LinkShape shape) =>
        shape.BytesPerSecond is { } rate ? (int)Math.Clamp(rate / 100, SegmentBytes, MaxPieceBytes) : MaxPieceBytes;

    /// <summary>Puts bytes on the lane: when they have left, and when they are at the other end.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="arrived">Since when they have waited to be sent: a lane that has work never rests, however late its timers are.</param>
    /// <param name="shape">What the lane does to them.</param>
    public (TimeSpan Left, TimeSpan There) Send(int bytes, TimeSpan arrived, LinkShape shape)
    {
        Interlocked.Add(ref _bytes, bytes);
        lock (_gate)
        {
            var left = arrived;
            if (shape.BytesPerSecond is { } rate)
            {
                left = (_free > arrived ? _free : arrived) + TimeSpan.FromSeconds((double)bytes / rate);
                _free = left;
            }

            return (left, left + shape.Delay + (IsLost(bytes, shape.Loss) ? shape.RetransmitAfter : TimeSpan.Zero));
        }
    }

    /// <summary>Waits until a moment of this lane's time; not at all when it is less than a timer's tick away.</summary>
    public async Task WaitAsync(TimeSpan until, CancellationToken cancellationToken)
    {
        var wait = until - Now;
        if (wait >= TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private bool IsLost(int bytes, double loss) =>
        loss > 0 && random.NextDouble() >= Math.Pow(1 - loss, (bytes + SegmentBytes - 1) / SegmentBytes);
}
