using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PeerAgent.Media.Publishing;

/// <summary>How a child program ended.</summary>
/// <param name="ExitCode">0 when it did its work.</param>
/// <param name="Output">Standard output, at most <see cref="ChildProgram.MaxOutput"/> characters.</param>
/// <param name="LastErrorLine">The last line of standard error that says something, or empty.</param>
internal sealed record ChildExit(int ExitCode, string Output, string LastErrorLine);

/// <summary>Runs a program of the search path to its end.</summary>
internal static class ChildProgram
{
    /// <summary>Characters of standard output that are kept; the rest is read and dropped.</summary>
    internal const int MaxOutput = 256 * 1024;

    private const int MaxErrorLine = 400;

    /// <summary>
    /// Starts the program with an empty standard input and waits for it. It is killed, with its children, when
    /// <paramref name="ct"/> fires, and has ended when this throws. Null when there is no such program.
    /// </summary>
    internal static async Task<ChildExit?> RunAsync(string program, IEnumerable<string> arguments, string workingFolder, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = workingFolder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            },
        };
        if (!TryStart(process))
        {
            return null;
        }

        process.StandardInput.Close();
        var output = ReadStartAsync(process.StandardOutput);
        var error = ReadLastLineAsync(process.StandardError);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAll(output, error);
            throw;
        }

        return new ChildExit(process.ExitCode, await output, await error);
    }

    private static bool TryStart(Process process)
    {
        try
        {
            return process.Start();
        }
        catch (Win32Exception)
        {
            // Not there, or not to be executed: for the one who publishes both mean that it has to be installed.
            return false;
        }
    }

    private static async Task<string> ReadStartAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
        {
            text.Append(buffer, 0, Math.Min(read, MaxOutput - text.Length));
        }

        return text.ToString();
    }

    /// <summary>Keeps one line at a time, cut to a length, however much the program writes.</summary>
    private static async Task<string> ReadLastLineAsync(StreamReader reader)
    {
        var (last, line) = ("", new StringBuilder());
        var buffer = new char[1024];
        for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
        {
            foreach (var c in buffer.AsMemory(0, read).ToArray())
            {
                if (c is '\n' or '\r')
                {
                    last = line.ToString().Trim() is { Length: > 0 } full ? full : last;
                    line.Clear();
                }
                else if (line.Length < MaxErrorLine && !char.IsControl(c))
                {
                    line.Append(c);
                }
            }
        }

        return line.ToString().Trim() is { Length: > 0 } rest ? rest : last;
    }
}
