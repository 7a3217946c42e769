using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WireMock.Tests.Server;

/// <summary>A WireMock server over tests/wiremock as a process of its own, on any free port of loopback.</summary>
internal sealed partial class WireMockProcess : IAsyncDisposable
{
    /// <summary>Runs what follows until its input ends, as it does when the tests end, however they do.</summary>
    private const string Watched = """exec 3<&0; "$@" & server=$!; { read -r _ <&3; kill $server; } >/dev/null 2>&1 & wait $server""";

    private readonly Process _process;

    private WireMockProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where it listens; ends in a slash.</summary>
    public Uri Url { get; }

    public static async Task<WireMockProcess> StartAsync()
    {
        var folder = Path.Combine(FakedTrackers.Root, "tests", "wiremock");
        var process = Start(folder, FindServer(folder));
        try
        {
            return new WireMockProcess(process, new Uri($"http://127.0.0.1:{await ReadPortAsync(process)}/"));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(_process);

    /// <summary>The server inside the npm package; started without npm, so that there is one process to end.</summary>
    private static string FindServer(string folder)
    {
        var build = Path.Combine(folder, "node_modules", "wiremock", "build");
        return (Directory.Exists(build) ? Directory.GetFiles(build, "wiremock-standalone-*.jar") : []).SingleOrDefault()
            ?? throw new InvalidOperationException("WireMock is not installed: run 'npm ci --prefix tests/wiremock' in the project's folder.");
    }

    private static Process Start(string folder, string server) => Process.Start(new ProcessStartInfo(
        "sh",
        [
            "-c", Watched, "sh", "java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", server, "--bind-address",
            "127.0.0.1", "--port", "0", "--root-dir", folder, "--global-response-templating", "--container-threads", "200",
        ])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    /// <summary>It says its port when it is ready; afterwards nobody needs what it says, but its pipes must not fill.</summary>
    private static async Task<string> ReadPortAsync(Process process)
    {
        var port = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var errors = new ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                port.TrySetException(new InvalidOperationException(
                    $"WireMock did not start. It needs Java (Debian: apt-get install default-jre-headless). It said: {string.Join(' ', errors)}"));
            }
            else if (PortLine().Match(line.Data) is { Success: true } match)
            {
                port.TrySetResult(match.Groups[1].Value);
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!port.Task.IsCompleted)
            {
                errors.Enqueue(line.Data);
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return await port.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"^port:\s+(\d+)")]
    private static partial Regex PortLine();
}
