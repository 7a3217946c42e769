namespace PeerAgent.Swarm.Upload;

/// <summary>Thrown through the framework's copying of a body: we do not send the rest.</summary>
internal sealed class UploadEndedException(UploadEnd end) : IOException($"Not sent to its end: {end}.")
{
    /// <summary>Why.</summary>
    public UploadEnd End => end;
}
