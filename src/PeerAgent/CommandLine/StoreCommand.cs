using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PeerAgent.Media;
using PeerAgent.Media.Store;
using PeerAgent.Status;
using Ppsp.Protocol.Ids;

namespace PeerAgent.CommandLine;

/// <summary><c>peer-agent store</c>: what lies in the state folder, and a way to be rid of it.</summary>
internal static class StoreCommand
{
    private const int Failure = 1;
    private const int WrongUsage = 2;

    internal static Command Create(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON, for programs." };
        var clear = new Option<string?>("--clear")
        {
            Description = "Delete the chunks of the stream with this SwarmID, or of all streams. Not while an agent uses the folder.",
            HelpName = "SWARM",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("store", "Show the chunks in the state folder against the limits; works with and without a running agent.") { json, clear };
        command.SetAction((parsed, _) => RunAsync(
            settings, parsed.GetResult(clear) is not null, parsed.GetValue(clear), parsed.GetValue(json), Console.Out, Console.Error));
        return command;
    }

    /// <summary>Prints what is there, or deletes it first and prints what that was.</summary>
    /// <exception cref="StoreUnavailableException">The folder cannot be read, or is in use and cannot be cleared.</exception>
    internal static async Task<int> RunAsync(
        string[] settings, bool clear, string? swarm, bool json, TextWriter output, TextWriter errors)
    {
        SwarmId? only = null;
        if (swarm is not null)
        {
            if (!SwarmId.TryParse(swarm, out var id))
            {
                await errors.WriteLineAsync("The SwarmID behind --clear must have 1 to 256 printable characters.");
                return WrongUsage;
            }

            only = id;
        }

        var options = OptionsOf(settings);
        var streams = clear ? StoreInventory.Clear(options, only) : StoreInventory.Read(options);
        if (only is not null && streams.Count == 0)
        {
            await errors.WriteLineAsync($"There are no chunks of swarm '{swarm}' in {StateFolder.RootOf(options)}; peer-agent store lists what there is.");
            return Failure;
        }

        var description = new StoreDescription(
            StateFolder.RootOf(options), streams.Sum(s => s.Chunks), streams.Sum(s => s.Bytes), options.MaxBytes, options.MemoryBytes, streams);
        await output.WriteAsync(json ? JsonSerializer.Serialize(description, StoreJson.Default.StoreDescription) + "\n" : Report(description, clear));
        return 0;
    }

    private static StoreOptions OptionsOf(string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddPeerAgentMedia()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<StoreOptions>>().Value;
    }

    private static string Report(StoreDescription store, bool isCleared)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine(isCleared ? $"Deleted from {store.Path}:" : $"Chunks in {store.Path}:");
        foreach (var stream in store.Streams)
        {
            text.WriteLine(
                $"  {stream.SwarmId ?? $"(unknown, folder {stream.Folder})"}  chunks {stream.Chunks}, {StatusReport.Bytes(stream.Bytes)}{(stream.Pinned ? ", pinned" : "")}");
        }

        var sum = string.Create(CultureInfo.InvariantCulture, $"In all: streams {store.Streams.Count}, chunks {store.Chunks}, {StatusReport.Bytes(store.Bytes)}");
        text.WriteLine(isCleared
            ? sum
            : $"{sum} of {StatusReport.Bytes(store.MaxBytes)} on disk; limit in memory {StatusReport.Bytes(store.MemoryBytes)}");
        return text.ToString();
    }
}
