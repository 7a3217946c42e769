using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Streams;

/// <summary>
/// The streams that the agent knows, those of earlier runs too: a player that comes back after a restart finds its
/// stream. Bounded: the stream unused for longest makes room.
/// </summary>
public sealed class Catalogue(StreamRooms rooms, ManifestShelf shelf, TrackerWait wait, IOptions<StreamsOptions> options) : IDisposable
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<SwarmId, AgentStream> _streams = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>All streams, idle ones too.</summary>
    public IReadOnlyCollection<AgentStream> Streams => [.. _streams.Values];

    /// <summary>Finds a stream by its swarm.</summary>
    public bool TryGet(SwarmId swarmId, [NotNullWhen(true)] out AgentStream? stream) => _streams.TryGetValue(swarmId, out stream);

    /// <summary>Finds the stream that has a chunk of this name; of several the one used last.</summary>
    public bool TryFindChunk(string path, [NotNullWhen(true)] out AgentStream? stream, out ChunkId chunk)
    {
        stream = null;
        chunk = default;
        foreach (var candidate in _streams.Values)
        {
            if ((stream is null || candidate.LastUsed > stream.LastUsed) && candidate.Layout.TryResolve(path, out var found))
            {
                stream = candidate;
                chunk = found.Value;
            }
        }

        return stream is not null;
    }

    /// <summary>Brings back the streams of earlier runs, idle.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (var manifest in await shelf.ListAsync(cancellationToken))
        {
            if (_streams.Count < options.Value.Max && StreamInfoReader.Read(manifest).TryGet(out var info, out _))
            {
                _streams.TryAdd(info.SwarmId, new AgentStream(info, rooms));
            }
        }
    }

    /// <summary>Takes a manifest in on behalf of a player, and waits for its trackers where nothing else has the content.</summary>
    /// <param name="info">What the manifest says.</param>
    /// <param name="manifest">Its bytes, to be kept.</param>
    /// <param name="player">Who brought it; it counts as playing from now on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RegisterOutcome> RegisterAsync(
        StreamInfo info, ReadOnlyMemory<byte> manifest, PlayerKey player, CancellationToken cancellationToken)
    {
        var outcome = await TakeInAsync(info, cancellationToken);
        if (outcome is not (Registered or AlreadyKnown))
        {
            return outcome;
        }

        var stream = _streams[info.SwarmId];
        using var presence = stream.Players.Hold(player);
        var active = await stream.ActivateAsync(cancellationToken);

        // What was played a moment ago counts as held, too.
        await active.Chunks.SettleAsync(LongestWrite, cancellationToken);
        if (await wait.ForContentAsync(active, cancellationToken) is { } noSource)
        {
            await WithdrawAsync(stream, player, outcome is Registered, cancellationToken);
            return noSource;
        }

        await shelf.KeepAsync(info.SwarmId, manifest, cancellationToken);
        return outcome;
    }

    /// <summary>Takes a stream in and serves it from now on.</summary>
    public async Task<AgentStream?> SeedAsync(StreamInfo info, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken)
    {
        if (await TakeInAsync(info, cancellationToken) is not (Registered or AlreadyKnown))
        {
            return null;
        }

        await shelf.KeepAsync(info.SwarmId, manifest, cancellationToken);
        var stream = _streams[info.SwarmId];
        await stream.SeedAsync(cancellationToken);
        return stream;
    }

    /// <summary>Lets go of players that fell silent, and leaves the swarms that nobody plays any more.</summary>
    public async Task DropIdlePlayersAsync(CancellationToken cancellationToken)
    {
        foreach (var stream in _streams.Values)
        {
            if (stream.Players.DropIdle())
            {
                await stream.LeaveIfUnusedAsync(cancellationToken);
            }
        }
    }

    /// <summary>Ends our part in every swarm: nothing is fetched, polled or served any more. Trackers are told elsewhere.</summary>
    public Task CloseAsync() => Task.WhenAll(_streams.Values.Select(s => s.Active?.Swarm.DisposeAsync().AsTask() ?? Task.CompletedTask));

    /// <inheritdoc/>
    public void Dispose()
    {
        _turn.Dispose();
        foreach (var stream in _streams.Values)
        {
            stream.Dispose();
        }
    }

    private async Task<RegisterOutcome> TakeInAsync(StreamInfo info, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_streams.TryGetValue(info.SwarmId, out var known))
            {
                if (_streams.Count >= options.Value.Max && !ForgetOldest())
                {
                    return new TooManyStreams(options.Value.Max);
                }

                var stream = new AgentStream(info, rooms);
                _streams[info.SwarmId] = stream;
                return new Registered(stream);
            }

            if (known.Active is not null && !info.IsLive && !SameContent(known.Info, info))
            {
                return new OtherContent();
            }

            await known.UpdateAsync(info, cancellationToken);
            return new AlreadyKnown(known);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Two manifests tell the same content when they are written the same once trackers and origins are set aside.</summary>
    private static bool SameContent(StreamInfo one, StreamInfo other) =>
        StreamInfoWriter.Write(one with { Trackers = other.Trackers, Origins = other.Origins, UpdateTime = other.UpdateTime })
            .AsSpan().SequenceEqual(StreamInfoWriter.Write(other));

    private async Task WithdrawAsync(AgentStream stream, PlayerKey player, bool isNew, CancellationToken cancellationToken)
    {
        stream.Players.Remove(player);
        await stream.LeaveIfUnusedAsync(cancellationToken);
        if (isNew && stream.Active is null)
        {
            Forget(stream);
        }
    }

    private bool ForgetOldest()
    {
        var oldest = _streams.Values.Where(s => s.Active is null).MinBy(s => s.LastUsed);
        if (oldest is null)
        {
            return false;
        }

        Forget(oldest);
        shelf.Remove(oldest.Info.SwarmId);
        return true;
    }

    /// <summary>The stream is known no more; its chunks stay on disk as long as there is room.</summary>
    private void Forget(AgentStream stream)
    {
        _streams.TryRemove(stream.Info.SwarmId, out _);
        rooms.Store.Close(stream.Info.SwarmId);
    }
}
