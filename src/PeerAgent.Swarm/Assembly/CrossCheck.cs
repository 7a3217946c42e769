using System.Numerics;
using System.Security.Cryptography;
using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Assembly;

/// <summary>
/// Finds the right bytes of a chunk that came out wrong, from copies of its parts that others gave. Where two copies differ
/// one of both lied: whoever can have lied is supposed to have, few before many, until the others' bytes match the digest.
/// Not safe by itself.
/// </summary>
/// <param name="first">The chunk that came out wrong.</param>
/// <param name="digest">SHA-256 of the right one.</param>
internal sealed class CrossCheck(DoubtedChunk first, ReadOnlyMemory<byte> digest)
{
    /// <summary>Most combinations that are tried, and most bytes of them.</summary>
    private const int MaxTries = 64;
    private const long MaxHashed = 16 << 20;
    private const int MaxSuspects = 8;

    private readonly HashSet<HashSet<Source>> _tried = new(HashSet<Source>.CreateSetComparer());

    /// <summary>Which bytes are right, from the first to the last, and who gave them; null when that cannot be told yet.</summary>
    /// <param name="copy">Bytes at their places in the chunk, as others gave them.</param>
    /// <param name="given">Who gave which bytes of the copy; stretches do not overlap, and what was given stays as it is.</param>
    public IReadOnlyList<Choice>? Solve(ReadOnlySpan<byte> copy, IReadOnlyList<(long From, long To, Source Source)> given)
    {
        var stretches = Stretches(copy, given);
        var suspects = stretches.Where(s => s.Differs).SelectMany(s => new[] { s.First, s.Second! }).Distinct().ToList();
        if (suspects.Count > MaxSuspects)
        {
            return null;
        }

        foreach (var set in Enumerable.Range(1, (1 << suspects.Count) - 1).OrderBy(s => BitOperations.PopCount((uint)s)))
        {
            var liars = suspects.Where((_, i) => (set & (1 << i)) != 0).ToHashSet();
            if (stretches.TrueForAll(s => s.CanBeTold(liars)) && MayTry(liars))
            {
                var choice = stretches.ConvertAll(s => s.Without(liars));
                if (Matches(choice, copy))
                {
                    return choice;
                }
            }
        }

        return null;
    }

    private bool MayTry(HashSet<Source> liars) =>
        _tried.Count < Math.Min(MaxTries, Math.Max(1, MaxHashed / first.Content.Length)) && _tried.Add(liars);

    private bool Matches(List<Choice> choice, ReadOnlySpan<byte> copy)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (from, to, _, isCopy) in choice)
        {
            hash.AppendData((isCopy ? copy : first.Content.Span)[(int)from..(int)to]);
        }

        return hash.GetHashAndReset().AsSpan().SequenceEqual(digest.Span);
    }

    /// <summary>The chunk, cut wherever another source begins in one of the two copies.</summary>
    private List<Stretch> Stretches(ReadOnlySpan<byte> copy, IReadOnlyList<(long From, long To, Source Source)> given)
    {
        var cuts = first.Given.Concat(given).SelectMany(g => new[] { g.From, g.To }).Distinct().Order().ToList();
        var stretches = new List<Stretch>();
        foreach (var (from, to) in cuts.Zip(cuts.Skip(1)))
        {
            var one = first.Given.First(g => g.From <= from && to <= g.To).Source;
            var other = given.FirstOrDefault(g => g.From <= from && to <= g.To).Source;
            var differs = other is not null
                && !first.Content.Span[(int)from..(int)to].SequenceEqual(copy[(int)from..(int)to]);
            stretches.Add(new Stretch(from, to, one, other, differs));
        }

        return stretches;
    }

    /// <summary>Bytes of the chunk, and who gave them.</summary>
    /// <param name="From">The first.</param>
    /// <param name="To">The one behind the last.</param>
    /// <param name="Source">Who gave them.</param>
    /// <param name="IsCopy">True for the copy, false for the chunk that came out wrong.</param>
    internal readonly record struct Choice(long From, long To, Source Source, bool IsCopy);

    private readonly record struct Stretch(long From, long To, Source First, Source? Second, bool Differs)
    {
        /// <summary>True when these and nobody else having lied leaves one answer.</summary>
        public bool CanBeTold(HashSet<Source> liars) =>
            Second is null ? !liars.Contains(First) : !Differs || liars.Contains(First) != liars.Contains(Second);

        public Choice Without(HashSet<Source> liars) =>
            Differs && liars.Contains(First) ? new Choice(From, To, Second!, true) : new Choice(From, To, First, false);
    }
}
