using System.Buffers;
using System.IO.Pipelines;

namespace ReferenceTracker.Http;

/// <summary>
/// The body of a request: the server's own buffer where it lies in one piece, else a pooled copy. Dispose gives it back.
/// </summary>
internal struct RequestBody : IDisposable
{
    /// <summary>Longest body, 1 MiB.</summary>
    internal const int MaxBytes = 1 << 20;

    /// <summary>
    /// A body too long is read up to here and thrown away, because a client that is still sending may miss the answer.
    /// </summary>
    internal const int MaxDiscardedBytes = 8 << 20;

    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> buffer)
    {
        _reader = reader;
        _end = buffer.End;
        if (buffer.IsSingleSegment)
        {
            Bytes = buffer.First;
            return;
        }

        var length = (int)buffer.Length;
        _rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(_rented);
        Bytes = _rented.AsMemory(0, length);
    }

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads all of it; null when it is longer than <see cref="MaxBytes"/>.</summary>
    /// <exception cref="BadHttpRequestException">The sender is too slow, or broke off.</exception>
    internal static async ValueTask<RequestBody?> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MaxDiscardedBytes)
        {
            return null;
        }

        var input = request.HttpContext.Features.Get<HalfClosedInput>();
        Mark(input, isInBody: true);
        var body = await ReadAsync(request.BodyReader, cancel);
        Mark(input, isInBody: false);
        return body;
    }

    /// <summary>After an exception the connection is of no further use, and the mark stays.</summary>
    private static void Mark(HalfClosedInput? input, bool isInBody)
    {
        if (input is not null)
        {
            input.IsInBody = isInBody;
        }
    }

    private static async ValueTask<RequestBody?> ReadAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancel);
            if (result.Buffer.Length > MaxBytes)
            {
                await DiscardAsync(reader, result, cancel);
                return null;
            }

            if (result.IsCompleted)
            {
                return new RequestBody(reader, result.Buffer);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async ValueTask DiscardAsync(PipeReader reader, ReadResult result, CancellationToken cancel)
    {
        // The server itself ends what goes beyond the limit.
        reader.AdvanceTo(result.Buffer.End);
        while (!result.IsCompleted)
        {
            result = await reader.ReadAsync(cancel);
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    public void Dispose()
    {
        _reader?.AdvanceTo(_end);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }
}
