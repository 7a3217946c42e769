using System.Buffers;
using System.Security.Cryptography;

namespace PeerAgent.Media.Publishing;

/// <summary>SHA-256 digests of chunk files.</summary>
internal static class FileDigests
{
    private const int BufferLength = 128 * 1024;

    /// <summary>Reads the file once, in pieces; refuses one whose length is not what it was when the folder was read.</summary>
    internal static async Task<PublishOutcome<byte[]>> OfAsync(ChunkFile file, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var stream = new FileStream(file.Path, new FileStreamOptions { Options = FileOptions.Asynchronous, BufferSize = 0 });
            var length = 0L;
            for (int read; length <= file.Length && (read = await stream.ReadAsync(buffer, ct)) > 0; length += read)
            {
                hash.AppendData(buffer, 0, read);
            }

            return length == file.Length
                ? new PublishOutcome<byte[]>.Done(hash.GetHashAndReset())
                : new PublishOutcome<byte[]>.Refused($"'{file.FileName}' changed while it was read; publish again when nothing writes to it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PublishOutcome<byte[]>.Refused($"'{file.FileName}' cannot be read ({e.Message.TrimEnd('.')}).");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
