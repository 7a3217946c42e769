namespace PeerAgent.Media.Store;

/// <summary>How putting a chunk into the store ended, or how far it has come.</summary>
public enum PutOutcome
{
    /// <summary>Kept on disk.</summary>
    Stored,

    /// <summary>Was there already.</summary>
    AlreadyHeld,

    /// <summary>The content does not match the manifest's hash; nothing was kept.</summary>
    Damaged,

    /// <summary>Not a chunk of the stream, not to be verified before its hash list is known, empty, or larger than the largest allowed; nothing was kept.</summary>
    Refused,

    /// <summary>The disk is full or not writable; kept in memory only, and not promised to anybody.</summary>
    MemoryOnly,

    /// <summary>Good, and readable from memory; on its way to disk, and not promised to anybody until it is there.</summary>
    Admitted,
}
