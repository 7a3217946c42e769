namespace PeerAgent.Swarm.Upload;

/// <summary>What other peers may take from us, as it is set at the start; <see cref="UploadSettings"/> holds what is in force.</summary>
public sealed class UploadOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Upload";

    /// <summary>False: chunks are for our own players only, peers get <c>403</c>, and nothing is announced. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Chunks sent at a time; who asks beyond that waits a moment, then gets <c>503</c>. Default 8, from 1 to 4096.</summary>
    public int Slots { get; set; } = 8;

    /// <summary>Bytes of chunks sent a second, all peers together. Default none: as fast as it goes. At least 1024.</summary>
    public long? MaxBytesPerSecond { get; set; }

    /// <summary>
    /// Bytes of chunks sent a second to one address, all peers behind it together. Default none: its share of the whole. At
    /// least 1024.
    /// </summary>
    public long? MaxBytesPerSecondPerPeer { get; set; }
}
