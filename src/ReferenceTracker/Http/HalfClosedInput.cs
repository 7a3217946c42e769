using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace ReferenceTracker.Http;

/// <summary>
/// What a client sends, without word of its end before everything is read. The server takes that word as "the client is
/// gone" and drops the answer; but a client may close its half of the connection behind its request and read on. One that
/// is really gone is noticed by writing to it. The end in the middle of a body is told to the one who reads the body, not
/// to the server, which would close the connection without an answer.
/// </summary>
internal sealed class HalfClosedInput(PipeReader inner) : PipeReader
{
    private SequencePosition _start;
    private SequencePosition _end;

    /// <summary>True while the body of a request is read: the end is an error then.</summary>
    internal bool IsInBody { get; set; }

    /// <summary>Puts itself between a connection and the server.</summary>
    internal static ConnectionDelegate Use(ConnectionDelegate next) => connection =>
    {
        connection.ConnectionClosed = CancellationToken.None;
        var input = new HalfClosedInput(connection.Transport.Input);
        connection.Features.Set(input);
        connection.Transport = new Halves(input, connection.Transport.Output);
        return next(connection);
    };

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = inner.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(WithoutEnd(read.Result)) : AwaitAsync(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        var isRead = inner.TryRead(out result);
        result = isRead ? WithoutEnd(result) : result;
        return isRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>Deliberately never calls back.</summary>
    [Obsolete("As in the base class.")]
    public override void OnWriterCompleted(Action<Exception?, object?> callback, object? state)
    {
    }

    private async ValueTask<ReadResult> AwaitAsync(ValueTask<ReadResult> read) => WithoutEnd(await read);

    /// <summary>The end is told once the server comes back for more without having taken anything.</summary>
    /// <exception cref="BadHttpRequestException">The end has come in the middle of a body.</exception>
    private ReadResult WithoutEnd(ReadResult result)
    {
        if (!result.IsCompleted)
        {
            return result;
        }

        if (result.Buffer.IsEmpty || (result.Buffer.Start.Equals(_start) && result.Buffer.End.Equals(_end)))
        {
            if (!IsInBody)
            {
                return result;
            }

            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw new BadHttpRequestException("The body ends too early.");
        }

        (_start, _end) = (result.Buffer.Start, result.Buffer.End);
        return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
    }

    private sealed record Halves(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
