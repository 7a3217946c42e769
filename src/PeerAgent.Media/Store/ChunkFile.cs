using System.Globalization;
using System.Security.Cryptography;

namespace PeerAgent.Media.Store;

/// <summary>
/// The file of one chunk, <c>NUMBER-FINGERPRINT.chunk</c>. The name tells what the content must be, so that a file of an
/// earlier run can be checked even when the manifest promises no digest.
/// </summary>
internal static class ChunkFile
{
    /// <summary>Ending of the name of a chunk's file.</summary>
    internal const string Ending = ".chunk";

    private const int FingerprintBytes = 16;

    internal static string NameOf(long index, string fingerprint) =>
        string.Create(CultureInfo.InvariantCulture, $"{index}-{fingerprint}{Ending}");

    /// <summary>Reads a file name back; false for anything that <see cref="NameOf"/> does not write.</summary>
    internal static bool TryParseName(string name, out long index, out string fingerprint)
    {
        fingerprint = "";
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (!long.TryParse(name.AsSpan(0, Math.Max(dash, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            || name.Length != dash + 1 + (2 * FingerprintBytes) + Ending.Length)
        {
            return false;
        }

        fingerprint = name[(dash + 1)..^Ending.Length];
        return fingerprint.All(char.IsAsciiHexDigitLower) && name == NameOf(index, fingerprint);
    }

    /// <summary>The first half of a SHA-256 digest, in hexadecimal.</summary>
    internal static string Fingerprint(ReadOnlySpan<byte> digest) => Convert.ToHexStringLower(digest[..FingerprintBytes]);

    /// <summary>Opens the file so that it may be deleted or replaced while it is read.</summary>
    internal static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        BufferSize = 0,
    });

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="IOException">It cannot be read or is not as long as <paramref name="content"/>.</exception>
    internal static async Task ReadAsync(string path, Memory<byte> content, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        if (file.Length != content.Length)
        {
            throw new EndOfStreamException("The file's length has changed.");
        }

        await file.ReadExactlyAsync(content, cancellationToken);
    }

    /// <summary>True when a digest of the manifest and a fingerprint can be of the same content, or there is no digest.</summary>
    internal static bool Fits(string fingerprint, ReadOnlyMemory<byte>? digest) =>
        digest is not { Length: SHA256.HashSizeInBytes } promised || Fingerprint(promised.Span) == fingerprint;
}
