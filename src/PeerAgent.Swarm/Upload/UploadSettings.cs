using PeerAgent.Media.Streams;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// The limits in force: at first those of <see cref="UploadOptions"/>, then whatever they are changed to while the agent
/// runs. A change is not kept over a restart. Safe for concurrent use.
/// </summary>
public sealed class UploadSettings
{
    private readonly Lock _gate = new();
    private volatile UploadLimits _current;

    /// <summary>Begins with what was set.</summary>
    public UploadSettings(UploadOptions options) => _current = UploadLimits.Of(options);

    /// <summary>Raised after a change, on the thread that made it; handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>The limits in force.</summary>
    public UploadLimits Current => _current;

    /// <summary>Replaces the limits, for uploads under way too.</summary>
    /// <param name="change">Makes the new limits of the old ones; may be called under a lock.</param>
    /// <param name="nameOf">How a value is called where it comes from, by its name in <see cref="UploadLimits"/>.</param>
    /// <returns>What is wrong, a sentence each; then nothing has changed. Empty when the new limits are in force.</returns>
    public IReadOnlyList<string> Change(Func<UploadLimits, UploadLimits> change, Func<string, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            var wanted = change(_current);
            if (wanted.Errors(nameOf) is { Count: > 0 } errors)
            {
                return errors;
            }

            _current = wanted;
        }

        Changed?.Invoke();
        return [];
    }

    /// <summary>True when peers may have chunks of the stream, and may be told that they are here.</summary>
    public bool MaySend(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return _current.Enabled && !stream.IsPrivate;
    }
}
