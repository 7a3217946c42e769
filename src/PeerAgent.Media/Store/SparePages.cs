namespace PeerAgent.Media.Store;

/// <summary>
/// Pieces of memory that somebody has just given back, for whoever asks next: the system takes longer to make new pages than
/// a chunk takes to arrive in them, and a full cache gives back as much as it takes. What was given back last is taken first.
/// Safe for concurrent use.
/// </summary>
/// <param name="most">Most bytes that are kept.</param>
internal sealed class SparePages(long most)
{
    private readonly Lock _gate = new();
    private readonly Stack<Piece> _pieces = [];
    private long _bytes;

    /// <summary>Keeps a piece; false when there is enough of them, and then it is still the caller's.</summary>
    internal bool TryKeep(Piece piece)
    {
        lock (_gate)
        {
            if (_bytes + piece.Length > most)
            {
                return false;
            }

            _bytes += piece.Length;
            _pieces.Push(piece);
            return true;
        }
    }

    /// <summary>A piece of any length, the caller's from now on; false when there is none.</summary>
    internal bool TryTake(out Piece piece)
    {
        lock (_gate)
        {
            if (!_pieces.TryPop(out piece))
            {
                return false;
            }

            _bytes -= piece.Length;
            return true;
        }
    }

    /// <param name="Start">Its first byte.</param>
    /// <param name="Length">Bytes, 1 or more.</param>
    internal readonly record struct Piece(nint Start, int Length);
}
