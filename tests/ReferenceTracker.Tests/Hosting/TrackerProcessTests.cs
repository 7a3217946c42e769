using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>The program as a process: how it starts, how it fails to, how it stops.</summary>
public sealed class TrackerProcessTests
{
    [Theory]
    [InlineData(1, "ReferenceTracker:Listn", "--ReferenceTracker:Listn=http://127.0.0.1:0")]
    [InlineData(1, "ReferenceTracker:Peers:Timeuot", "--ReferenceTracker:Peers:Timeuot", "5")]
    [InlineData(1, "ReferenceTracker:Listen", "--ReferenceTracker:Listen=nonsense")]
    [InlineData(1, "ReferenceTracker:Authentication:Mode", "--ReferenceTracker:Authentication:Mode=Token")]
    [InlineData(2, "--ReferenceTrackr:Listen", "--ReferenceTrackr:Listen=http://127.0.0.1:0")]
    [InlineData(2, "--ReferenceTracker:Listen", "--ReferenceTracker:Listen")]
    [InlineData(2, "--loud", "--loud")]
    [InlineData(2, "serve", "serve")]
    public async Task Wrong_usage_and_wrong_settings_are_told_in_one_line(int exitCode, string named, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal(exitCode, code);
        Assert.Equal("", output);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";
        var (code, output, error) = await RunAsync($"--ReferenceTracker:Listen={url}");
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains($"ReferenceTracker:Listen: cannot listen on {url}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("--help", "ReferenceTracker:Listen")]
    [InlineData("--version", "0.")]
    public async Task Help_and_version_are_printed(string option, string expected)
    {
        var (code, output, error) = await RunAsync(option);
        Assert.Equal(0, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task It_says_where_it_listens_answers_and_stops_at_SIGTERM()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var process = Start("--ReferenceTracker:Listen", "http://127.0.0.1:0");
        try
        {
            var line = await process.StandardError.ReadLineAsync().WaitAsync(Eventually.Deadline);
            Assert.NotNull(line);
            Assert.Contains("Listening on http://127.0.0.1:", line, StringComparison.Ordinal);
            using var client = new HttpClient();
            using var health = await client.GetAsync(line[line.IndexOf("http", StringComparison.Ordinal)..] + "/healthz");
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("", await process.StandardError.ReadToEndAsync());
        }
        finally
        {
            Stop(process);
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            Stop(process);
        }
    }

    private static Process Start(params string[] args)
    {
        // artifacts/bin/ReferenceTracker.Tests/CONFIG -> artifacts/bin/ReferenceTracker/CONFIG
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "ReferenceTracker", own.Name, "reference-tracker.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        })!;
    }

    private static void Stop(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
