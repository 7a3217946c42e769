using System.Runtime.InteropServices;

namespace PeerAgent.Media.Store;

/// <summary>
/// Memory of the system itself. Large pieces have pages of their own where the system has a call for that: the C library
/// keeps what it is given back, and after a while it keeps large pieces too.
/// </summary>
internal static unsafe partial class SystemMemory
{
    /// <summary>From so many bytes on a piece has pages of its own; what is lost in the last one is little then.</summary>
    private const int OwnPages = 64 << 10;

    private const int ReadAndWrite = 0x1 | 0x2;
    private const int Private = 0x2;
    private const int AnonymousOnLinux = 0x20;
    private const int AnonymousOnMac = 0x1000;

    private static readonly int Anonymous =
        OperatingSystem.IsLinux() ? AnonymousOnLinux : OperatingSystem.IsMacOS() ? AnonymousOnMac : 0;

    /// <exception cref="InsufficientMemoryException">The system has no more.</exception>
    internal static byte* Take(int length)
    {
        if (!HasOwnPages(length))
        {
            return (byte*)NativeMemory.Alloc((nuint)length);
        }

        var start = Map(null, (nuint)length, ReadAndWrite, Private | Anonymous, -1, 0);
        return (nint)start == -1
            ? throw new InsufficientMemoryException($"The system has no {length} bytes for a chunk; lower {StoreOptions.Section}:MemoryBytes.")
            : (byte*)start;
    }

    internal static void GiveBack(byte* start, int length)
    {
        if (HasOwnPages(length))
        {
            _ = Unmap(start, (nuint)length);
        }
        else
        {
            NativeMemory.Free(start);
        }
    }

    private static bool HasOwnPages(int length) => length >= OwnPages && Anonymous != 0;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(void* address, nuint length);
}
