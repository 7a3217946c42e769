using Microsoft.AspNetCore.Http;
using Ppsp.Protocol.Ids;

namespace TestSupport.Peers;

/// <summary>What a <see cref="ChunkStep"/> has to play with.</summary>
/// <param name="Context">The request for a chunk.</param>
/// <param name="Content">The chunk's right bytes; null when this server has not got it.</param>
/// <param name="TransactionId">The request's identifier; null at an origin.</param>
/// <param name="Opened">Ends when the test lets waiting answers go on, or the request is gone.</param>
public sealed record ChunkScene(HttpContext Context, byte[]? Content, TransactionId? TransactionId, Func<Task> Opened)
{
    /// <summary>The chunk's right bytes.</summary>
    public byte[] Bytes => Content ?? [];
}
