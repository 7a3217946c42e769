using System.Security.Cryptography;
using TestSupport.Peers;

namespace WireMock.Tests.Programs;

/// <summary>A film of a few small chunks, held by a web server, with a manifest for each tracker one likes.</summary>
internal sealed class Film : IAsyncDisposable
{
    public const int Chunks = 6;

    private readonly byte[][] _chunks = [.. Enumerable.Range(0, Chunks).Select(MakeChunk)];
    private readonly FakeOrigin _origin;

    private Film(FakeOrigin origin) => _origin = origin;

    public static async Task<Film> StartAsync()
    {
        var film = new Film(await FakeOrigin.StartAsync());
        for (var i = 0; i < Chunks; i++)
        {
            film._origin.Script.Chunks[NameOf(i)] = film._chunks[i];
        }

        return film;
    }

    /// <summary>The file name of a chunk.</summary>
    public static string NameOf(int index) => $"film-{index:00000}.ts";

    /// <summary>The right bytes of a chunk.</summary>
    public byte[] this[int index] => _chunks[index];

    /// <summary>Writes the manifest of this film in a swarm of its own.</summary>
    public async Task<string> WriteManifestAsync(TempFolder folder, string swarm, Uri tracker)
    {
        var file = folder[swarm + ".xml"];
        await File.WriteAllTextAsync(
            file,
            $"""
            <?xml version="1.0" encoding="utf-8"?>
            <StreamInfo xmlns:x="urn:ppsp-peer:manifest:1">
              <Trackers><Tracker url="{tracker}" tier="1" /></Trackers>
              <SwarmID>{swarm}</SwarmID>
              <x:Origin url="{_origin.Url}" priority="1" />
              <Clip>
                <Name>{swarm}/film</Name>
                <ChunkSegments type="video">
                  <Segment chunks="{Chunks}" x:ext="ts">
                    <x:ChunkHashes level="0" algorithm="sha-256">{Convert.ToBase64String([.. _chunks.SelectMany(SHA256.HashData)])}</x:ChunkHashes>
                  </Segment>
                </ChunkSegments>
              </Clip>
            </StreamInfo>
            """);
        return file;
    }

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private static byte[] MakeChunk(int index)
    {
        var chunk = new byte[1000];
        new Random(index).NextBytes(chunk);
        return chunk;
    }
}
