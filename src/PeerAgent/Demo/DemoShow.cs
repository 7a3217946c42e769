using PeerAgent.Streams;

namespace PeerAgent.Demo;

/// <summary><c>demo</c> for a person: the film is there, the addresses are printed, everything runs until it is stopped.</summary>
internal static class DemoShow
{
    internal static async Task<int> RunAsync(DemoSystem demo, TextWriter output, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(demo.Proxy, "/manifests"), new ByteArrayContent(demo.Manifest), cancellationToken);
        answer.EnsureSuccessStatusCode();
        await output.WriteLineAsync($"Page:      {demo.Proxy}");
        await output.WriteLineAsync($"Playlist:  {new Uri(demo.Proxy, answer.Headers.Location + "/index.m3u8")}   (VLC, mpv, ffplay)");
        await output.WriteLineAsync("Stop with Ctrl+C.");
        await output.FlushAsync(cancellationToken);
        demo.Agent.Services.GetRequiredService<Catalogue>().Streams.First().Players.Hold(new PlayerKey("the demo itself"));
        await demo.Agent.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
