namespace PeerAgent.Swarm.Upload;

/// <summary>Lets so many chunks be sent at a time. Safe for concurrent use.</summary>
internal sealed class UploadSlots(UploadOptions options)
{
    private int _taken;

    /// <summary>Takes a slot. False when there is none; else <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _taken) <= options.Slots)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives the slot back.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);
}
