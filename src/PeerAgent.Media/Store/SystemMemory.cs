using System.Runtime.InteropServices;

namespace PeerAgent.Media.Store;

/// <summary>
/// Memory of the system itself. Large pieces have pages of their own where the system has a call for that: the C library
/// keeps what it is given back, and after a while it keeps large pieces too. A few pages stay for whoever asks next.
/// </summary>
internal static unsafe partial class SystemMemory
{
    /// <summary>From so many bytes on a piece has pages of its own; what is lost in the last one is little then.</summary>
    private const int OwnPages = 64 << 10;

    /// <summary>Most bytes that stay while nobody uses them.</summary>
    private const long MostSpare = 4 << 20;

    /// <summary>Below such a limit what lies beside the chunks is not worth counting.</summary>
    private const long SmallLimit = 64 << 20;

    /// <summary>Of chunks of a quarter of a megabyte the ends of their last pages are so little.</summary>
    private const int EndsOfPages = 64;

    private const int ReadAndWrite = 0x1 | 0x2;
    private const int Private = 0x2;
    private const int AnonymousOnLinux = 0x20;
    private const int AnonymousOnMac = 0x1000;
    private const int MayMove = 1;

    private static readonly int Anonymous =
        OperatingSystem.IsLinux() ? AnonymousOnLinux : OperatingSystem.IsMacOS() ? AnonymousOnMac : 0;

    /// <summary>Only Linux can make a piece longer that is in use already.</summary>
    private static readonly SparePages Spare = new(OperatingSystem.IsLinux() ? MostSpare : 0);

    /// <summary>Bytes of chunks that fit into so much memory, when the pages that stay and the ends of those in use count.</summary>
    internal static long RoomIn(long limit) => limit < SmallLimit ? limit : limit - MostSpare - (limit / EndsOfPages);

    /// <exception cref="InsufficientMemoryException">The system has no more.</exception>
    internal static byte* Take(int length)
    {
        if (!HasOwnPages(length))
        {
            return (byte*)NativeMemory.Alloc((nuint)length);
        }

        var spare = TryTakeSpare(length);
        if (spare is not null)
        {
            return spare;
        }

        var start = Map(null, (nuint)length, ReadAndWrite, Private | Anonymous, -1, 0);
        return (nint)start == -1
            ? throw new InsufficientMemoryException($"The system has no {length} bytes for a chunk; lower {StoreOptions.Section}:MemoryBytes.")
            : (byte*)start;
    }

    internal static void GiveBack(byte* start, int length)
    {
        if (!HasOwnPages(length))
        {
            NativeMemory.Free(start);
        }
        else if (!Spare.TryKeep(new SparePages.Piece((nint)start, length)))
        {
            _ = Unmap(start, (nuint)length);
        }
    }

    /// <summary>A spare piece, made as long as it must be; null when there is none.</summary>
    private static byte* TryTakeSpare(int length)
    {
        if (!Spare.TryTake(out var piece))
        {
            return null;
        }

        var start = Remap((void*)piece.Start, (nuint)piece.Length, (nuint)length, MayMove);
        if ((nint)start != -1)
        {
            return (byte*)start;
        }

        _ = Unmap((void*)piece.Start, (nuint)piece.Length);
        return null;
    }

    private static bool HasOwnPages(int length) => length >= OwnPages && Anonymous != 0;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void* Remap(void* address, nuint oldLength, nuint newLength, int flags);
}
