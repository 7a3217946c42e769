using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace TestSupport.Peers;

/// <summary>How a fake answers one request for a chunk: rightly, or with one kind of misbehaviour. The closed family stands in this file.</summary>
public abstract record ChunkStep
{
    /// <summary>Gives the answer.</summary>
    public abstract Task PlayAsync(ChunkScene scene);

    /// <summary>The chunk alone, with ranges; 404 when there is none.</summary>
    /// <param name="ContentType">Media type.</param>
    /// <param name="EntityTag">Entity tag, quotes included, or null.</param>
    public sealed record Raw(string ContentType = "application/octet-stream", string? EntityTag = null) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            if (scene.Content is null)
            {
                await new Refuse(404, ResponseCode.ObjectNotFound).PlayAsync(scene);
                return;
            }

            var tag = EntityTag is null ? null : EntityTagHeaderValue.Parse(EntityTag);
            var method = scene.Context.Request.Method;
            scene.Context.Request.Method = HttpMethods.Get;
            await Results.Bytes(scene.Content, ContentType, enableRangeProcessing: true, entityTag: tag).ExecuteAsync(scene.Context);
            scene.Context.Request.Method = method;
        }
    }

    /// <summary>These bytes whatever was asked for, whole, with their length.</summary>
    public sealed record Bytes(byte[] Content, string ContentType = "application/octet-stream") : ChunkStep
    {
        /// <inheritdoc/>
        public override Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.ContentType = ContentType;
            scene.Context.Response.ContentLength = Content.Length;
            return scene.Context.Response.Body.WriteAsync(Content).AsTask();
        }
    }

    /// <summary>Envelope and media, as the draft prints it.</summary>
    /// <param name="Gap">Bytes that a sloppy peer puts between the two.</param>
    /// <param name="Piece">Bytes sent at a time; 0 for all at once.</param>
    /// <param name="Transaction">Another TransactionID than the request's, or null.</param>
    public sealed record Mixed(string Gap = "", int Piece = 0, string? Transaction = null) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            var transaction = scene.TransactionId;
            if (Transaction is not null && TransactionId.TryParse(Transaction, out var other))
            {
                transaction = other;
            }

            var envelope = PeerCodec.WriteResponse(new PeerResponse { Code = ResponseCode.Ok, TransactionId = transaction });
            byte[] body = [.. envelope, .. System.Text.Encoding.UTF8.GetBytes(Gap), .. scene.Bytes];
            scene.Context.Response.ContentType = "text/xml";
            foreach (var piece in body.Chunk(Piece == 0 ? body.Length : Piece))
            {
                await scene.Context.Response.Body.WriteAsync(piece);
                await scene.Context.Response.Body.FlushAsync();
            }
        }
    }

    /// <summary>The head with the full length, some bytes, then the connection is cut: at once, or when the test opens the gate.</summary>
    public sealed record Vanish(int After, bool AtGate = false) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.ContentType = "application/octet-stream";
            scene.Context.Response.ContentLength = scene.Bytes.Length;
            await scene.Context.Response.Body.WriteAsync(scene.Bytes.AsMemory(0, After));
            await scene.Context.Response.Body.FlushAsync();
            if (AtGate)
            {
                await scene.Opened();
            }

            scene.Context.Abort();
        }
    }

    /// <summary>Only the first bytes, as if they were all, without a length.</summary>
    public sealed record Cut(int Length) : ChunkStep
    {
        /// <inheritdoc/>
        public override Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.ContentType = "application/octet-stream";
            return scene.Context.Response.Body.WriteAsync(scene.Bytes.AsMemory(0, Length)).AsTask();
        }
    }

    /// <summary>Zeros until the client goes.</summary>
    public sealed record Endless : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.ContentType = "application/octet-stream";
            var piece = new byte[64 * 1024];
            while (!scene.Context.RequestAborted.IsCancellationRequested)
            {
                await scene.Context.Response.Body.WriteAsync(piece, scene.Context.RequestAborted);
            }
        }
    }

    /// <summary>The head and some bytes; the rest when the test opens the gate.</summary>
    public sealed record Stall(int After, bool HasLength = true) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.ContentType = "application/octet-stream";
            scene.Context.Response.ContentLength = HasLength ? scene.Bytes.Length : null;
            await scene.Context.Response.Body.WriteAsync(scene.Bytes.AsMemory(0, After));
            await scene.Context.Response.Body.FlushAsync();
            await scene.Opened();
            await scene.Context.Response.Body.WriteAsync(scene.Bytes.AsMemory(After));
        }
    }

    /// <summary>A few bytes at a time, steadily and slowly.</summary>
    public sealed record Drip(int Piece, TimeSpan Every) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.ContentType = "application/octet-stream";
            scene.Context.Response.ContentLength = scene.Bytes.Length;
            using var timer = new PeriodicTimer(Every);
            foreach (var piece in scene.Bytes.Chunk(Piece))
            {
                await scene.Context.Response.Body.WriteAsync(piece, scene.Context.RequestAborted);
                await scene.Context.Response.Body.FlushAsync(scene.Context.RequestAborted);
                await timer.WaitForNextTickAsync(scene.Context.RequestAborted);
            }
        }
    }

    /// <summary>The part that was asked for, piece by piece with a pause behind each; a liar's bytes are turned over.</summary>
    public sealed record Paced(int Piece, TimeSpan Every, bool Lies = false) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            var bytes = Lies ? [.. scene.Bytes.Select(b => (byte)~b)] : scene.Bytes;
            var (from, to) = (0, bytes.Length - 1);
            var response = scene.Context.Response;
            if (RangeHeaderValue.TryParse(scene.Context.Request.Headers.Range.ToString(), out var range))
            {
                var asked = range.Ranges.First();
                (from, to) = ((int)(asked.From ?? 0), (int)Math.Min(asked.To ?? to, to));
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = new ContentRangeHeaderValue(from, to, bytes.Length).ToString();
            }

            response.ContentType = "application/octet-stream";
            response.ContentLength = to + 1 - from;
            using var timer = new PeriodicTimer(Every);
            foreach (var piece in bytes[from..(to + 1)].Chunk(Piece))
            {
                await response.Body.WriteAsync(piece, scene.Context.RequestAborted);
                await response.Body.FlushAsync(scene.Context.RequestAborted);
                await timer.WaitForNextTickAsync(scene.Context.RequestAborted);
            }
        }
    }

    /// <summary>Nothing, not even a head, until the test opens the gate; then the step that follows.</summary>
    public sealed record Wait(ChunkStep Then) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            await scene.Opened();
            await Then.PlayAsync(scene);
        }
    }

    /// <summary>An error with its envelope.</summary>
    public sealed record Refuse(int Status, ResponseCode Code, int? RetryAfter = null) : ChunkStep
    {
        /// <inheritdoc/>
        public override async Task PlayAsync(ChunkScene scene)
        {
            var response = scene.Context.Response;
            response.StatusCode = Status;
            response.ContentType = "text/xml";
            if (RetryAfter is { } seconds)
            {
                response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            await response.Body.WriteAsync(
                PeerCodec.WriteResponse(new PeerResponse { Code = Code, TransactionId = scene.TransactionId }));
        }
    }

    /// <summary>A header more, then the step that follows.</summary>
    public sealed record Header(string Name, string Value, ChunkStep Then) : ChunkStep
    {
        /// <inheritdoc/>
        public override Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.Headers[Name] = Value;
            return Then.PlayAsync(scene);
        }
    }

    /// <summary>Go elsewhere.</summary>
    public sealed record Redirect(Uri Elsewhere, int Status = StatusCodes.Status307TemporaryRedirect) : ChunkStep
    {
        /// <inheritdoc/>
        public override Task PlayAsync(ChunkScene scene)
        {
            scene.Context.Response.StatusCode = Status;
            scene.Context.Response.Headers.Location = Elsewhere.ToString();
            return Task.CompletedTask;
        }
    }

    /// <summary>Another part of the chunk than was asked for.</summary>
    public sealed record OddPart(int From, int Length) : ChunkStep
    {
        /// <inheritdoc/>
        public override Task PlayAsync(ChunkScene scene)
        {
            var response = scene.Context.Response;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.ContentType = "application/octet-stream";
            response.ContentLength = Length;
            response.Headers.ContentRange = $"bytes {From}-{From + Length - 1}/{scene.Bytes.Length}";
            return response.Body.WriteAsync(scene.Bytes.AsMemory(From, Length)).AsTask();
        }
    }
}
