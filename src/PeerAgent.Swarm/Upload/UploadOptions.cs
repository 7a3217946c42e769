namespace PeerAgent.Swarm.Upload;

/// <summary>What other peers may take from us.</summary>
public sealed class UploadOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Upload";

    /// <summary>False: chunks are for our own players only, and peers get <c>403</c>. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Chunks sent at a time; who asks beyond that is told to come back (<c>503</c>). Default 8.</summary>
    public int Slots { get; set; } = 8;

    /// <summary>Bytes of chunks sent a second, all peers together. Default none: as fast as it goes. At least 1024.</summary>
    public long? MaxBytesPerSecond { get; set; }
}
