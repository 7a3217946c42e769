using System.Security.Cryptography;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Assembly;

/// <summary>
/// The bytes of one chunk, put together from parts that different sources fill at the same time. Safe for concurrent use.
/// </summary>
/// <param name="usualSize">Bytes a chunk of the stream usually has.</param>
/// <param name="maxBytes">Longest chunk that is taken.</param>
/// <param name="memory">What the bytes are taken from.</param>
internal sealed class ChunkAssembly(long usualSize, long maxBytes, MemoryBudget memory)
{
    private readonly Lock _gate = new();
    private readonly PartList _parts = new();
    private readonly GrowingBytes _bytes = new(usualSize, maxBytes, memory);

    /// <summary>False once a source that gives bytes does not let us keep them.</summary>
    public bool MayKeep { get; set; } = true;

    /// <summary>Length of the chunk as the sources announced it, or null.</summary>
    public long? Total => Read(static parts => parts.Total);

    /// <summary>Bytes that are here.</summary>
    public long Received => Read(static parts => parts.Received);

    /// <summary>True when nothing is missing.</summary>
    public bool IsComplete => Read(static parts => parts.IsComplete);

    /// <summary>True when more than one source may have a part in it.</summary>
    public bool IsShared => Read(static parts => parts.IsShared);

    /// <summary>The parts that are not complete, from the first byte on.</summary>
    public IReadOnlyList<Part> Missing => Read(static parts => parts.Missing);

    /// <summary>Who gave which bytes.</summary>
    public IReadOnlyList<(long From, long To, Source Source)> Given => Read(static parts => parts.Given);

    /// <summary>Who gave which bytes of the parts that are complete; those bytes stay as they are.</summary>
    public IReadOnlyList<(long From, long To, Source Source)> GivenForGood => Read(static parts => parts.GivenForGood);

    /// <summary>Where a part is to go on and end; null end = the end of the chunk.</summary>
    public (long Position, long? End) Bounds(Part part)
    {
        lock (_gate)
        {
            return (part.Position, part.End);
        }
    }

    /// <summary>A source says how long the chunk is. False when another one said otherwise, or when it is too long.</summary>
    public bool Announce(long total)
    {
        lock (_gate)
        {
            if (total > maxBytes || !_parts.TryEndAt(total))
            {
                return _parts.Total == total;
            }

            _bytes.Expect(total);
            return true;
        }
    }

    /// <summary>The source that filled a part without a known end has sent all it has: the chunk ends there.</summary>
    public void EndHere(Part part)
    {
        lock (_gate)
        {
            _parts.EndHere(part);
        }
    }

    /// <summary>Takes bytes of a source for a part, if nobody else fills it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="writer">Who brings them: the first who does so fills the part from then on.</param>
    /// <param name="offset">Where in the chunk they begin; what is here already is passed over.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="source">Who sent them.</param>
    public WriteResult Write(Part part, object writer, long offset, ReadOnlySpan<byte> bytes, Source source)
    {
        lock (_gate)
        {
            if (part.IsDone || offset > part.Position || (part.Writer ??= writer) != writer || !_parts.Contains(part))
            {
                return WriteResult.NotWanted;
            }

            bytes = bytes[(int)Math.Min(bytes.Length, part.Position - offset)..];
            var taken = part.End is { } end && bytes.Length > end - part.Position ? bytes[..(int)(end - part.Position)] : bytes;
            var needed = part.Position + taken.Length;
            if (needed > maxBytes)
            {
                return WriteResult.TooMany;
            }

            if (!_bytes.TryWrite(taken, part.Position, _parts.Total))
            {
                return WriteResult.NoRoom;
            }

            part.Filled(taken.Length, source);
            return part.IsDone ? WriteResult.PartDone : WriteResult.Taken;
        }
    }

    /// <summary>Opens a part to whoever sends first: its writer has fallen silent, or has gone.</summary>
    public void Release(Part part, object writer)
    {
        lock (_gate)
        {
            part.Writer = part.Writer == writer ? null : part.Writer;
        }
    }

    /// <summary>What <see cref="Forget"/> would throw away, and its SHA-256; null when it is nothing.</summary>
    public (long From, long To, byte[] Digest)? Glimpse(Part part, Source source)
    {
        lock (_gate)
        {
            return !_parts.Contains(part) || part.IsDone || part.Position == part.From || !part.Given.All(g => g.Source == source) ? null
                : (part.From, part.Position, SHA256.HashData(_bytes.Peek(part.From, part.Position)));
        }
    }

    /// <summary>Throws away what a source gave of a part that it did not finish, if nobody else gave any. Tells how much that was.</summary>
    public long Forget(Part part, Source source)
    {
        lock (_gate)
        {
            var bytes = part.Position - part.From;
            if (part.IsDone || !part.Given.All(g => g.Source == source))
            {
                return 0;
            }

            part.Forget();
            if (!_parts.IsShared)
            {
                // What the source said of the length counts no more than its bytes.
                _parts.ForgetEnd(part);
                _bytes.Clear();
            }

            return bytes;
        }
    }

    /// <summary>
    /// Lays a chunk that is one part out in several; the first of them is that part, for whoever was asked for it, and the last runs to
    /// the end, wherever that is. False when something of it is here.
    /// </summary>
    /// <param name="shares">What each part is to have; they add up to 1.</param>
    /// <param name="length">Bytes that the chunk has, as far as anybody can tell.</param>
    public bool TryLayOut(IReadOnlyList<double> shares, double length)
    {
        lock (_gate)
        {
            return _parts.TryLayOut(shares, length);
        }
    }

    /// <summary>
    /// All bytes leave the assembly, which begins anew; they are not what the chunk should be. The assembly is complete and nobody
    /// writes any more.
    /// </summary>
    /// <param name="taken">What <see cref="HandOver"/> said of them.</param>
    public DoubtedChunk TakeOut(long taken)
    {
        lock (_gate)
        {
            ReadOnlyMemory<byte> content = _bytes.ToMemory((int)_parts.Total!.Value);
            ChunkBytes.Hold(content);
            var doubted = new DoubtedChunk(content, taken, _parts.Given, memory);
            BeginAnew();
            return doubted;
        }
    }

    /// <summary>Lays parts of a chunk of known length out, before anything of them is here. False when there is no room for it now.</summary>
    /// <param name="stretches">First byte, and the one behind the last, of each part; they need not make up the whole.</param>
    /// <param name="total">Bytes of the chunk.</param>
    public bool TryLayOut(IEnumerable<(long From, long To)> stretches, long total)
    {
        lock (_gate)
        {
            if (!_bytes.TryReserve(total))
            {
                return false;
            }

            _parts.LayOut(stretches, total);
            return true;
        }
    }

    /// <summary>The chunk is made up of these stretches, of bytes that are here and of others; with that it is complete.</summary>
    /// <param name="choice">The stretches, from the first byte to the last.</param>
    /// <param name="others">Bytes at their places in the chunk.</param>
    public void MakeUp(IReadOnlyList<CrossCheck.Choice> choice, ReadOnlySpan<byte> others)
    {
        lock (_gate)
        {
            foreach (var (from, to, _, _) in choice.Where(c => !c.IsCopy))
            {
                _ = _bytes.TryWrite(others[(int)from..(int)to], from, _parts.Total);
            }

            _parts.MakeUp(choice);
        }
    }

    /// <summary>A source says that the chunk ends before a part: what lies from there on is left to the part before it.</summary>
    public void EndsBefore(Part part)
    {
        lock (_gate)
        {
            _parts.EndsBefore(part);
        }
    }

    /// <summary>Takes the far end of a part away from it; null when too little is left to share.</summary>
    /// <param name="part">The part.</param>
    /// <param name="keeps">Share of what is missing that stays, above 0 and below 1.</param>
    public Part? Split(Part part, double keeps)
    {
        lock (_gate)
        {
            // Before the length is known nobody can say whether there is a far end, nor who is right about it.
            return _parts.Total is { } total && _bytes.Capacity >= total ? _parts.Split(part, keeps) : null;
        }
    }

    /// <summary>The chunk is what it should be; nobody is told any more who gave it.</summary>
    public void Judged()
    {
        lock (_gate)
        {
            _parts.Judged();
        }
    }

    /// <summary>Throws everything away and begins anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _parts.Judged();
            BeginAnew();
        }
    }

    /// <summary>The bytes taken from the budget become the caller's, who hands them on with the content or gives them back.</summary>
    public long HandOver()
    {
        lock (_gate)
        {
            return _bytes.HandOver();
        }
    }

    /// <summary>All bytes, until <see cref="Clear"/>; the assembly is complete and nobody writes any more.</summary>
    public Memory<byte> ToMemory()
    {
        lock (_gate)
        {
            return _bytes.ToMemory((int)_parts.Total!.Value);
        }
    }

    private void BeginAnew()
    {
        _parts.BeginAnew();
        _bytes.Clear();
    }

    private T Read<T>(Func<PartList, T> read)
    {
        lock (_gate)
        {
            return read(_parts);
        }
    }
}
