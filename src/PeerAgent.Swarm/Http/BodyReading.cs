using System.IO.Compression;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>Reads bodies within bounds of size and patience.</summary>
internal static class BodyReading
{
    /// <summary>The body, unpacked when it says that it is gzip.</summary>
    public static async Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return IsPacked(response) ? new GZipStream(body, CompressionMode.Decompress) : body;
    }

    /// <summary>True when the body is gzip, so that its length says nothing about what is in it.</summary>
    public static bool IsPacked(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.Any(e => e.Equals("gzip", StringComparison.OrdinalIgnoreCase));

    /// <summary>Everything up to a limit, as one piece; null when there is more than that.</summary>
    public static async Task<byte[]?> ReadAllAsync(Stream body, int limit, TimeSpan idle, Patience patience)
    {
        var all = new MemoryStream();
        var piece = new byte[8 * 1024];
        while (true)
        {
            var read = await body.ReadAsync(piece, patience.Token);
            if (read == 0)
            {
                return all.ToArray();
            }

            if (all.Length + read > limit)
            {
                return null;
            }

            patience.Progress(idle);
            all.Write(piece, 0, read);
        }
    }

    /// <summary>Lets the rest of a body flow into a sink.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="room">Most bytes that are taken.</param>
    /// <param name="idle">Idle time-out.</param>
    /// <param name="patience">Holds the time-outs.</param>
    public static async Task<TransferOutcome> CopyAsync(Stream body, ITransferSink sink, long room, TimeSpan idle, Patience patience)
    {
        while (true)
        {
            var read = await body.ReadAsync(sink.GetMemory(), patience.Token);
            if (read == 0)
            {
                return TransferOutcome.Done;
            }

            room -= read;
            if (room < 0)
            {
                return new TransferOutcome(TransferResult.TooLarge, "sent more than any chunk may have");
            }

            patience.Progress(idle);
            if (!sink.Advance(read))
            {
                return new TransferOutcome(TransferResult.Unwanted, "was no longer needed");
            }
        }
    }
}
