using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Programs;

/// <summary>
/// One of our programs as a process of its own, just as a user starts it, with a folder of its own for what the runtime of
/// a killed process leaves behind. Killed, at the latest, when disposed.
/// </summary>
internal sealed class Program : IAsyncDisposable
{
    private readonly TempFolder _temporary = new();
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _output = new();

    private Program(string assembly, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(assembly);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["TMPDIR"] = _temporary.Path;
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => string.Join('\n', _output);

    public bool HasExited => _process.HasExited;

    public static Program PeerAgent(params IEnumerable<string> args) => new(PathOf("PeerAgent", "peer-agent"), args, null);

    public static Program PeerAgent(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> args) =>
        new(PathOf("PeerAgent", "peer-agent"), args, environment);

    public static Program ReferenceTracker(params IEnumerable<string> args) =>
        new(PathOf("ReferenceTracker", "reference-tracker"), args, null);

    /// <summary>Waits until something that it writes matches; the first group, or the whole match.</summary>
    public async Task<string> SaysAsync(string pattern)
    {
        Match? match = null;
        await Eventually.HoldsAsync(
            () =>
            {
                match = Regex.Match(Errors + "\n" + Output, pattern);
                return match.Success || (HasExited ? throw new InvalidOperationException($"The program ended: {Errors}") : false);
            },
            $"'{pattern}' in what the program says; it said: {Errors}");
        return match!.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _temporary.Dispose();
    }

    /// <summary>Waits until it ends; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _temporary.Dispose();
        _process.Dispose();
    }

    private static string PathOf(string project, string assembly)
    {
        // artifacts/bin/EndToEnd.Tests/<configuration>/ stands beside artifacts/bin/<project>/<configuration>/.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, assembly + ".dll");
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
