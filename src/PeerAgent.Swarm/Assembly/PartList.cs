using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Assembly;

/// <summary>
/// How a chunk is divided into parts, and how long it is, as far as that is known. Guarded by the lock of its
/// <see cref="ChunkAssembly"/>.
/// </summary>
internal sealed class PartList
{
    /// <summary>Shortest part that is worth a request of its own.</summary>
    private const int SmallestPart = 4 << 10;

    private readonly List<Part> _parts = [new Part(0, null)];

    /// <summary>True when the parts and the length are known from earlier.</summary>
    private bool _isLaidOut;

    /// <summary>Length of the chunk, or null.</summary>
    public long? Total { get; private set; }

    /// <summary>Bytes that are here.</summary>
    public long Received => _parts.Sum(p => p.Position - p.From);

    /// <summary>True when nothing is missing.</summary>
    public bool IsComplete => Total is not null && _parts.TrueForAll(p => p.IsDone);

    /// <summary>True when more than one source may have a part in it.</summary>
    public bool IsShared => _parts.Count > 1 || _isLaidOut;

    /// <summary>The parts that are not complete, from the first byte on.</summary>
    public IReadOnlyList<Part> Missing => [.. _parts.Where(p => !p.IsDone)];

    /// <summary>Who gave which bytes.</summary>
    public IReadOnlyList<(long From, long To, Source Source)> Given => [.. _parts.SelectMany(p => p.Given)];

    /// <summary>Who gave which bytes of the parts that are complete.</summary>
    public IReadOnlyList<(long From, long To, Source Source)> GivenForGood =>
        [.. _parts.Where(p => p.IsDone).SelectMany(p => p.Given)];

    /// <summary>True when the part is still one of the chunk's.</summary>
    public bool Contains(Part part) => _parts.Contains(part);

    /// <summary>The chunk has so many bytes. False, and nothing changes, when its length is known or more than that is here.</summary>
    public bool TryEndAt(long total)
    {
        if (Total is not null || _parts.Exists(p => p.Position > total))
        {
            return false;
        }

        Total = total;
        _parts.RemoveAll(p => p.From >= total && p.From > 0);
        foreach (var part in _parts.Where(p => p.End is null || p.End > total))
        {
            part.End = total;
        }

        return true;
    }

    /// <summary>The chunk ends with what is here of a part without a known end.</summary>
    public void EndHere(Part part)
    {
        Total ??= part.Position;
        part.End ??= part.Position;
    }

    /// <summary>The chunk ends before a part: what lies from there on is left to the part before it.</summary>
    public void EndsBefore(Part part)
    {
        var place = _parts.IndexOf(part);
        if (Total is not null || place < 0)
        {
            return;
        }

        if (place == 0)
        {
            EndHere(part);
            return;
        }

        _parts[place..].ForEach(p => p.Judged());
        _parts.RemoveRange(place, _parts.Count - place);
        _parts[^1].End = null;
    }

    /// <summary>Where the chunk ends is not known any more, nor is it of the part.</summary>
    public void ForgetEnd(Part part) => (Total, part.End) = (null, null);

    /// <summary>
    /// Lays the one part out in several; the first of them is that part, and the last runs to the end, wherever that is. False, and
    /// nothing changes, when something is here or there are several.
    /// </summary>
    /// <param name="shares">What each part is to have; they add up to 1.</param>
    /// <param name="length">Bytes of the chunk, where its length is not known yet.</param>
    public bool TryLayOut(IReadOnlyList<double> shares, double length)
    {
        if (IsShared || _parts[0].Position > 0)
        {
            return false;
        }

        var end = 0.0;
        for (var i = 0; i < shares.Count; i++)
        {
            var from = (long)end;
            end += shares[i] * (Total ?? length);
            var to = i == shares.Count - 1 ? Total : (long)end;
            if (i == 0)
            {
                _parts[0].End = to;
            }
            else
            {
                _parts.Add(new Part(from, to));
            }
        }

        return true;
    }

    /// <summary>Lays parts of a chunk of known length out.</summary>
    /// <param name="stretches">First byte, and the one behind the last, of each part; they need not make up the whole.</param>
    /// <param name="total">Bytes of the chunk.</param>
    public void LayOut(IEnumerable<(long From, long To)> stretches, long total)
    {
        (Total, _isLaidOut) = (total, true);
        _parts.Clear();
        _parts.AddRange(stretches.OrderBy(s => s.From).Select(s => new Part(s.From, s.To)));
    }

    /// <summary>These stretches, each given by one source, take the place of all parts.</summary>
    public void MakeUp(IReadOnlyList<CrossCheck.Choice> choice)
    {
        Judged();
        _parts.Clear();
        foreach (var (from, to, source, _) in choice)
        {
            var part = new Part(from, to);
            part.Filled((int)(to - from), source);
            _parts.Add(part);
        }
    }

    /// <summary>Takes the far end of a part with a known end away from it; null when too little is left to share.</summary>
    /// <param name="part">The part.</param>
    /// <param name="keeps">Share of what is missing that stays, above 0 and below 1.</param>
    public Part? Split(Part part, double keeps)
    {
        if (part.End is not { } end)
        {
            return null;
        }

        var middle = part.Position + (long)((end - part.Position) * keeps);
        if (middle - part.Position < SmallestPart || end - middle < SmallestPart)
        {
            return null;
        }

        var tail = new Part(middle, end);
        part.End = middle;
        _parts.Insert(_parts.IndexOf(part) + 1, tail);
        return tail;
    }

    /// <summary>It is known what all bytes are worth, or does not matter any more.</summary>
    public void Judged() => _parts.ForEach(p => p.Judged());

    /// <summary>There is one part again, of a chunk of unknown length.</summary>
    public void BeginAnew()
    {
        _parts.Clear();
        _parts.Add(new Part(0, null));
        (Total, _isLaidOut) = (null, false);
    }
}
