using System.Diagnostics;

namespace EndToEnd.Tests.Programs;

/// <summary>Runs a program of the system (ffmpeg, mpv, vlc) to its end.</summary>
internal static class Tool
{
    /// <summary>Exit code and everything written.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(string name, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
