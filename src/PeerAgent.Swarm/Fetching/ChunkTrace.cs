using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>What was done to get one chunk: whom it was asked of, when, why, and what came of it. Bounded; safe for concurrent use.</summary>
public sealed class ChunkTrace
{
    private const int MaxSteps = 64;

    private readonly Lock _gate = new();
    private readonly List<TraceStep> _steps = [];
    private readonly Clock _clock;
    private readonly TimeSpan _begun;
    private int _dropped;
    private string? _end;

    internal ChunkTrace(ChunkId chunk, Clock clock)
    {
        Chunk = chunk;
        Started = clock.Provider.GetUtcNow();
        _clock = clock;
        _begun = clock.Now;
    }

    /// <summary>The chunk.</summary>
    public ChunkId Chunk { get; }

    /// <summary>When the fetch began.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>How the fetch ended, in a word, or null while it runs.</summary>
    public string? End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Steps that are not told because there were too many.</summary>
    public int Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped;
            }
        }
    }

    /// <summary>What happened, in order; a snapshot.</summary>
    public IReadOnlyList<TraceStep> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps];
            }
        }
    }

    internal void Asked(Source source, ChunkWanted wanted, string why)
    {
        var part = (wanted.Offset, wanted.End) switch
        {
            (0, null) => "all of it",
            (var from, null) => $"from byte {from}",
            (var from, { } end) => $"bytes {from} to {end - 1}",
        };
        Add(source.Name, "asked", 0, $"{part}: {why}");
    }

    internal void Ended(SourceAttempt attempt)
    {
        var outcome = attempt.Outcome;
        var first = attempt.FirstByte is { } at ? $", first byte after {(at - attempt.Started).TotalMilliseconds:0} ms" : "";
        Add(attempt.Source.Name, outcome?.Result.ToString() ?? "Stopped", attempt.Received, (outcome?.Detail ?? "no longer needed") + first);
    }

    internal void Finished(FetchEnd end)
    {
        lock (_gate)
        {
            _end = end.GetType().Name;
        }

        Add(null, "end", 0, end switch
        {
            FetchEnd.Whole { Content: null } => "it was in the store",
            FetchEnd.Whole => "whole, and right as far as that can be told",
            FetchEnd.Broken => "it broke off on its way to the player",
            _ => "nobody wanted it any more",
        });
    }

    private void Add(string? source, string what, long bytes, string detail)
    {
        lock (_gate)
        {
            if (_steps.Count >= MaxSteps)
            {
                _steps.RemoveAt(MaxSteps / 2);
                _dropped++;
            }

            _steps.Add(new TraceStep(_clock.Now - _begun, source, what, bytes, detail));
        }
    }
}

/// <summary>One step of a <see cref="ChunkTrace"/>.</summary>
/// <param name="After">Time since the fetch began.</param>
/// <param name="Source">The source, by name; null for the fetch itself.</param>
/// <param name="What"><c>asked</c>, <c>end</c>, or how asking ended.</param>
/// <param name="Bytes">Bytes that the source sent.</param>
/// <param name="Detail">Why, or what came of it, for people.</param>
public sealed record TraceStep(TimeSpan After, string? Source, string What, long Bytes, string Detail);
