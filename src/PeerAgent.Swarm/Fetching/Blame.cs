using System.Security.Cryptography;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Who is to blame for wrong bytes of one chunk: of what nobody could judge when it was let go the digests are kept, until the
/// right bytes show who lied and who did not. Used by one fetch alone.
/// </summary>
internal sealed class Blame(FetchSite site, FetchPlan plan, ChunkId chunk)
{
    private readonly List<(long From, long To, Source Source, byte[] Digest)> _suspicious = [];
    private readonly List<(long From, long To, Source Source, byte[] Digest)> _forgotten = [];

    /// <summary>Some of these bytes are wrong.</summary>
    /// <param name="content">The chunk.</param>
    /// <param name="given">Who gave which of its bytes.</param>
    public void NoteSuspicious(ReadOnlyMemory<byte> content, IReadOnlyList<(long From, long To, Source Source)> given) =>
        _suspicious.AddRange(given.Select(g => (g.From, g.To, g.Source, SHA256.HashData(content.Span[(int)g.From..(int)g.To]))));

    /// <summary>A source gave bytes that are not waited for any more, for it was too slow.</summary>
    public void NoteForgotten(long from, long to, Source source, byte[] digest) => _forgotten.Add((from, to, source, digest));

    /// <summary>True when the source gave bytes of a chunk that came out wrong.</summary>
    public bool IsSuspicious(Source source) => _suspicious.Exists(s => s.Source == source);

    /// <summary>The right bytes are here: an end to who gave others before, and praise for who was only too slow.</summary>
    public void Settle(ReadOnlyMemory<byte> content)
    {
        foreach (var (from, to, source, digest) in _suspicious.Concat(_forgotten))
        {
            var isRight = to <= content.Length && SHA256.HashData(content.Span[(int)from..(int)to]).AsSpan().SequenceEqual(digest);
            if (!isRight && source.Health.StateAt(site.Parts.Clock.Now) != SourceState.Banned)
            {
                Ban(source);
            }
        }

        foreach (var slow in _forgotten.Select(f => f.Source).Where(s => s.Health.Failures == 0 && s.Health.StateAt(site.Parts.Clock.Now) == SourceState.Usable))
        {
            slow.Health.Succeeded();
        }
    }

    /// <summary>A source has lied: nothing is had from it any more.</summary>
    public void Ban(Source source)
    {
        const string Detail = "sent a chunk that does not match the manifest";
        site.Parts.Logger.Banned(site.SwarmId, source.Name, chunk);
        plan.Exclude(source, Detail);
        if (source is Peer peer)
        {
            site.Directory.Ban(peer, Detail);
        }
        else
        {
            source.Health.Ban(Detail);
        }
    }
}
