using System.Runtime.InteropServices;

namespace SwarmEmulation.Measures;

/// <summary>
/// The machine's free memory. Where the machine is a virtual one, memory that nobody has used for some seconds is not there:
/// the first who writes to it waits ten times as long as for other memory.
/// </summary>
internal static class MachineMemory
{
    private const int PageBytes = 4096;
    private const int WriteBytes = 1 << 20;

    /// <summary>Sees to it that so many bytes are there for whoever takes them next: for files, and as many for themselves.</summary>
    public static void Warm(long bytes)
    {
        var memory = Marshal.AllocHGlobal((nint)bytes);
        for (nint at = 0; at < bytes; at += PageBytes)
        {
            Marshal.WriteByte(memory + at, 1);
        }

        using (var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose))
        {
            var piece = new byte[WriteBytes];
            while (file.Length < bytes)
            {
                file.Write(piece);
            }
        }

        Marshal.FreeHGlobal(memory);
    }
}
