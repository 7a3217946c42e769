using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// Adds to the head what the origin says about keeping (RFC 9111, section 5.2.2): <c>no-store</c> is for nobody's disk,
/// <c>private</c> not for those whom we serve in turn.
/// </summary>
internal sealed class OriginSink(ITransferSink inner, HttpResponseMessage response) : ITransferSink
{
    public bool Begin(TransferHead head) => inner.Begin(head with { MayKeep = MayKeep() });

    public Memory<byte> GetMemory() => inner.GetMemory();

    public bool Advance(int count) => inner.Advance(count);

    private bool MayKeep() =>
        !response.Headers.NonValidated.TryGetValues("Cache-Control", out var values)
        || !values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).Any(IsForbidding);

    private static bool IsForbidding(string directive) =>
        directive.Equals("no-store", StringComparison.OrdinalIgnoreCase)
        || directive.Equals("private", StringComparison.OrdinalIgnoreCase);
}
