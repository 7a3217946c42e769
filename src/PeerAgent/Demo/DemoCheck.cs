using System.Globalization;
using PeerAgent.Media.Streams;
using PeerAgent.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Demo;

/// <summary><c>demo --check</c>: plays the whole film through the proxy without a person and compares every byte.</summary>
internal static class DemoCheck
{
    internal static async Task<int> RunAsync(DemoSystem demo, TextWriter output, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = demo.Proxy };
        using var posted = await client.PostAsync("/manifests", new ByteArrayContent(demo.Manifest), cancellationToken);
        if (!posted.IsSuccessStatusCode)
        {
            await output.WriteLineAsync($"The agent refused the manifest: {await posted.Content.ReadAsStringAsync(cancellationToken)}");
            return 1;
        }

        var path = posted.Headers.Location + "/";
        var levels = new List<LevelResult>();
        foreach (var level in demo.Film.Layout.Levels)
        {
            levels.Add(await PlayAsync(client, path, demo.Film, level, cancellationToken));
        }

        var again = await PlayAsync(client, path, demo.Film, demo.Film.Layout.Levels[0], cancellationToken);
        var stream = demo.Agent.Services.GetRequiredService<Catalogue>().Streams.First();
        var traffic = stream.Active!.Swarm.Traffic;
        await demo.StopAgentAsync(cancellationToken);

        await WriteConversationAsync(demo, output);
        await output.WriteLineAsync("Level                          Chunks      Bytes  First byte  Compared");
        foreach (var result in levels)
        {
            await WriteLevelAsync(output, result);
        }

        var all = levels.Sum(l => l.Bytes);
        await output.WriteLineAsync();
        await output.WriteLineAsync(Text($"From peers  {traffic.DownloadedBytes,10} bytes"));
        await output.WriteLineAsync(Text($"From origin {traffic.OriginBytes,10} bytes"));
        await output.WriteLineAsync(Text($"From store  {again.Bytes,10} bytes (the base level once more)"));
        var right = levels.Append(again).All(l => l.Wrong == 0) && traffic.DownloadedBytes + traffic.OriginBytes >= all;
        await output.WriteLineAsync(right ? "Every byte of every level is right." : "SOMETHING IS WRONG: see the table.");
        return right ? 0 : 1;
    }

    private static async Task<LevelResult> PlayAsync(
        HttpClient client, string path, SampleFilm film, LevelRange level, CancellationToken cancellationToken)
    {
        var result = new LevelResult(level);
        var time = TimeProvider.System;
        for (var i = level.From; i < level.From + level.Count; i++)
        {
            var chunk = new ChunkId(level.Level, i);
            var started = time.GetTimestamp();
            using var answer = await client.GetAsync(
                path + Uri.EscapeDataString(film.Layout.NameOf(chunk)), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            result.FirstByte ??= time.GetElapsedTime(started);
            var content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            var expected = await film.ReadAsync(chunk, cancellationToken);
            result.Add(content.Length, answer.IsSuccessStatusCode && content.AsSpan().SequenceEqual(expected));
        }

        return result;
    }

    private static async Task WriteConversationAsync(DemoSystem demo, TextWriter output)
    {
        await output.WriteLineAsync("What was said to the tracker, each request with its answer:");
        foreach (var line in demo.Conversation.Lines)
        {
            await output.WriteLineAsync("  " + line);
        }

        await output.WriteLineAsync();
    }

    private static Task WriteLevelAsync(TextWriter output, LevelResult result) => output.WriteLineAsync(Text(
        $"{result.Level.Level,-30} {result.Chunks,6} {result.Bytes,10} {result.FirstByte?.TotalMilliseconds ?? 0,8:0.0} ms  {(result.Wrong == 0 ? "all right" : $"{result.Wrong} WRONG")}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class LevelResult(LevelRange level)
    {
        public LevelRange Level { get; } = level;

        public int Chunks { get; private set; }

        public long Bytes { get; private set; }

        public int Wrong { get; private set; }

        public TimeSpan? FirstByte { get; set; }

        public void Add(int length, bool right)
        {
            Chunks++;
            Bytes += length;
            Wrong += right ? 0 : 1;
        }
    }
}
