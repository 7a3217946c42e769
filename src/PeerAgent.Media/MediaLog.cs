using Microsoft.Extensions.Logging;

namespace PeerAgent.Media;

/// <summary>Log lines about content; ids 2000 to 2999.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(2000, LogLevel.Error, "No chunk can be kept in {Folder} ({Reason}); playing from memory, and nothing new is promised to peers. Free space or set PeerAgent:Store:Path.")]
    internal static partial void DiskFailed(ILogger logger, string folder, string reason);

    [LoggerMessage(2001, LogLevel.Information, "Chunks are kept in {Folder} again")]
    internal static partial void DiskWorksAgain(ILogger logger, string folder);

    [LoggerMessage(2002, LogLevel.Warning, "Chunk {Chunk} was damaged on disk and is dropped: {File}")]
    internal static partial void DamagedOnDisk(ILogger logger, string chunk, string file);

    [LoggerMessage(2003, LogLevel.Warning, "Cannot delete {File}: {Reason}")]
    internal static partial void CannotDelete(ILogger logger, string file, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "Manifest {File} cannot be read or kept: {Reason}")]
    internal static partial void ManifestNotKept(ILogger logger, string file, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "No room for a chunk of {Length} bytes: what is seeded is not evicted, and PeerAgent:Store:MaxBytes is {MaxBytes}; playing from memory")]
    internal static partial void StoreFull(ILogger logger, long length, long maxBytes);
}
