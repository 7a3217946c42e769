namespace PeerAgent.Swarm.Upload;

/// <summary>How sending a chunk ended.</summary>
internal enum UploadEnd
{
    /// <summary>All that was asked for was sent.</summary>
    Sent,

    /// <summary>The peer went away.</summary>
    Gone,

    /// <summary>The peer took it too slowly.</summary>
    TooSlow,

    /// <summary>Uploads were switched off.</summary>
    SwitchedOff,
}
