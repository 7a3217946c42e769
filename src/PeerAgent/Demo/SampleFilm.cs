using PeerAgent.Media.Manifest;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Demo;

/// <summary>The bundled film: its manifest and its chunks, as files beside the program.</summary>
internal sealed class SampleFilm
{
    private readonly string _folder;

    private SampleFilm(string folder, StreamInfo info)
    {
        _folder = folder;
        Info = info;
        Layout = new ChunkLayout(info);
    }

    internal StreamInfo Info { get; }

    internal ChunkLayout Layout { get; }

    /// <summary>Every chunk of every level, level by level.</summary>
    internal IEnumerable<ChunkId> Chunks =>
        Layout.Levels.SelectMany(level => Enumerable.Range(0, level.Count).Select(i => new ChunkId(level.Level, level.From + i)));

    /// <summary>Reads the film and points it to a tracker.</summary>
    /// <exception cref="InvalidDataException">The files are missing or damaged.</exception>
    internal static SampleFilm Load(Uri tracker)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "sample");
        var manifest = Path.Combine(folder, "film.xml");
        if (!File.Exists(manifest))
        {
            throw new InvalidDataException($"The sample film is missing: {manifest}. Build or install the program anew.");
        }

        return StreamInfoReader.Read(File.ReadAllBytes(manifest)).TryGet(out var info, out var error)
            ? new SampleFilm(folder, info with { Trackers = [new TrackerReference(tracker, 1)] })
            : throw new InvalidDataException($"{manifest}: {error.Message}");
    }

    internal Task<byte[]> ReadAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        File.ReadAllBytesAsync(Path.Combine(_folder, Layout.NameOf(chunk)), cancellationToken);

    /// <summary>Puts every chunk into a store.</summary>
    /// <exception cref="InvalidDataException">A chunk does not match its hash.</exception>
    internal async Task PutAllAsync(ChunkStore store, CancellationToken cancellationToken)
    {
        var held = store.Open(Info);
        foreach (var chunk in Chunks)
        {
            var outcome = await held.PutAsync(chunk, await ReadAsync(chunk, cancellationToken), cancellationToken);
            if (outcome is not (PutOutcome.Stored or PutOutcome.AlreadyHeld))
            {
                throw new InvalidDataException($"Sample chunk {Layout.NameOf(chunk)} could not be stored: {outcome}.");
            }
        }
    }
}
