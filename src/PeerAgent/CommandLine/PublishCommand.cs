using System.CommandLine;
using System.Globalization;
using PeerAgent.Media.Publishing;
using PeerAgent.Media.Streams;
using PeerAgent.Publish;
using Ppsp.Protocol.Ids;

namespace PeerAgent.CommandLine;

/// <summary><c>peer-agent publish</c>: a folder of chunks or a media file becomes a manifest, and is served if wanted.</summary>
internal static class PublishCommand
{
    internal static Command Create(string[] settings)
    {
        var path = new Argument<string>("PATH") { Description = "A folder of named chunks, or a media file to be cut with ffmpeg." };
        var name = new Option<string>("--name") { Description = "Name of the clip, for example path/name.", Required = true };
        var trackers = new Option<string[]>("--tracker")
        {
            Description = "A tracker as URL[@TIER], tier 1 = tried first; may be given several times.",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        var swarm = new Option<string?>("--swarm") { Description = "The SwarmID. Default: made from name and content." };
        var output = new Option<string?>("--out") { Description = "File for the manifest; with --seed written once the swarm is joined. Default: standard output." };
        var origins = new Option<string[]>("--origin") { Description = "Base URL under which the same chunk names are served over HTTP; may be given several times, best first." };
        var seed = new Option<bool>("--seed") { Description = "Run as a full agent and serve the content until stopped." };
        var levels = new Option<string[]>("--level") { Description = "A level as WIDTHxHEIGHT@BITRATE, for example 640x360@800k; may be given several times, lowest first. Only for a media file." };
        var seconds = new Option<double>("--chunk-seconds") { Description = "Length of a chunk in seconds, 0.5 to 30. Only for a media file.", DefaultValueFactory = _ => 2 };
        var chunks = new Option<string?>("--chunks") { Description = "Also write the chunks to this folder, for an origin." };
        var lists = new Option<bool>("--hash-list") { Description = "Put the chunks' digests into files beside the chunks rather than into the manifest. Done by itself when they are many." };
        var command = new Command("publish", "Make a manifest of a folder of chunks or a media file, and with --seed serve it.")
        {
            path, name, trackers, swarm, output, origins, seed, levels, seconds, chunks, lists,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = TryMake(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(trackers), parsed.GetValue(swarm), parsed.GetValue(origins) ?? [], parsed.GetValue(levels) ?? [], parsed.GetValue(seconds), out var request);
            return error is not null
                ? Refuse(error)
                : PublishJob.RunAsync(
                    new PublishJob(
                        settings, request with { UseHashLists = parsed.GetValue(lists) }, parsed.GetRequiredValue(path), parsed.GetValue(output), parsed.GetValue(chunks), parsed.GetValue(seed)),
                    cancellationToken);
        });
        return command;
    }

    private static async Task<int> Refuse(string error)
    {
        await Console.Error.WriteLineAsync(error);
        return 2;
    }

    private static string? TryMake(
        string name, string[] trackers, string? swarm, string[] origins, string[] levels, double seconds, out PublishRequest request)
    {
        request = new PublishRequest { Name = name, Trackers = [] };
        var found = new List<TrackerReference>();
        foreach (var text in trackers)
        {
            // Not repeated: it may hold a password.
            if (!TrackerArgument.TryParse(text, out var tracker))
            {
                return $"--tracker number {found.Count + 1} is not URL[@TIER] without user name; one looks like http://tracker.example:7690@1.";
            }

            found.Add(tracker);
        }

        SwarmId? swarmId = null;
        if (swarm is not null)
        {
            if (!SwarmId.TryParse(swarm, out var id))
            {
                return "--swarm must have 1 to 256 printable characters.";
            }

            swarmId = id;
        }

        var places = new List<Origin>();
        foreach (var text in origins)
        {
            if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            {
                return $"--origin number {places.Count + 1} is not an http or https URL without user name; one looks like http://origin.example/media.";
            }

            places.Add(new Origin(url, places.Count + 1));
        }

        var specs = new List<LevelSpec>();
        foreach (var text in levels)
        {
            if (!LevelSpec.TryParse(text, out var spec))
            {
                return $"--level '{text}' is not WIDTHxHEIGHT@BITRATE; one looks like 640x360@800k.";
            }

            specs.Add(spec);
        }

        if (seconds is not (>= 0.5 and <= 30))
        {
            return string.Create(CultureInfo.InvariantCulture, $"--chunk-seconds is {seconds}; it must be from 0.5 to 30.");
        }

        request = request with
        {
            Trackers = found, SwarmId = swarmId, Origins = places, Levels = specs, ChunkDuration = TimeSpan.FromSeconds(seconds),
        };
        return null;
    }
}
