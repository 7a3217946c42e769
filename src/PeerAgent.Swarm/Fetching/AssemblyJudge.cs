using System.Security.Cryptography;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Says what each source's part was worth, and whether the whole is the chunk that the manifest promises. When several
/// gave parts of a wrong one, each part is had again from another source, until it can be told who lied; where that does not
/// help, the chunk is fetched from one source at a time, and the right bytes show it.
/// </summary>
internal sealed class AssemblyJudge(FetchSite site, FetchPlan plan, ChunkAssembly assembly, ChunkId chunk)
{
    private readonly Blame _blame = new(site, plan, chunk);
    private readonly List<Source> _wholeOnly = [];
    private DoubtedChunk? _doubted;
    private CrossCheck? _check;
    private int _checkedParts;
    private bool _mayBeginWithLineBreak;

    /// <summary>True when the chunk is to come from one source at a time.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>True when there was no memory for more bytes: those that are here are to make room for others.</summary>
    public bool IsOutOfRoom { get; private set; }

    /// <summary>Parts of the chunk that were given by these and are to be had again from others; null when nothing is in doubt.</summary>
    public IReadOnlyList<(long From, long To, Source Source)>? InDoubt => _doubted?.Doubtful;

    /// <summary>Bytes of the chunk that is in doubt.</summary>
    public long DoubtedLength => _doubted?.Content.Length ?? 0;

    /// <summary>Those of whom a part is not to be had, for they gave it before, and nobody knows if they lied.</summary>
    public IReadOnlyCollection<Source> NotFor(Part part) => _doubted is null ? []
        : [.. _doubted.Given.Where(g => g.From < part.End && part.From < g.To).Select(g => g.Source).Distinct()];

    /// <summary>Lets go of all bytes that are here.</summary>
    public void MakeRoom()
    {
        IsOutOfRoom = false;
        IsAlone |= _doubted is not null;
        Drop();
    }

    /// <summary>Lets go of all bytes, for good.</summary>
    public void Drop()
    {
        site.Traffic.Wasted(assembly.Received + DoubtedLength);
        assembly.Clear();
        EndDoubt();
    }

    /// <summary>True when enough is had again of a chunk in doubt to tell what is right: with that it is complete.</summary>
    public bool TrySettle()
    {
        var again = assembly.GivenForGood;
        if (_check is null || _doubted is null || again.Count == _checkedParts)
        {
            return false;
        }

        _checkedParts = again.Count;
        if (_check.Solve(assembly.ToMemory().Span, again) is not { } choice)
        {
            return false;
        }

        _blame.NoteSuspicious(assembly.ToMemory(), again);
        site.Traffic.Wasted(assembly.Received);
        assembly.MakeUp(choice, _doubted.Content.Span);
        EndDoubt();
        return true;
    }

    /// <summary>An attempt is over.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How it ended; null when it was cancelled.</param>
    public void Note(PartAttempt attempt, TransferOutcome? outcome)
    {
        assembly.Release(attempt.Part, attempt);
        _mayBeginWithLineBreak = attempt.MayBeginWithLineBreak;
        if (outcome is not null && attempt.IsPartDone)
        {
            attempt.ObserveSpeed();
        }
        else if (outcome is { Result: TransferResult.Done })
        {
            NoteEnd(attempt);
        }
        else if (outcome is { Result: TransferResult.NoSuchPart } && !IsAlone && _doubted is null)
        {
            assembly.EndsBefore(attempt.Part);
        }
        else if (attempt.HasNoRoom)
        {
            IsOutOfRoom = true;
        }
        else if (outcome is null || attempt.IsBeaten)
        {
            attempt.ObserveSpeed();
        }
        else if (attempt.HasOddLength && !IsAlone)
        {
            // Somebody does not tell the truth about the length: from now on one at a time.
            BeginAlone();
        }
        else if (attempt.IsWholeOnly)
        {
            plan.Exclude(attempt.Source, "sends whole chunks only");
            _wholeOnly.Add(attempt.Source);
        }
        else
        {
            Fail(attempt, outcome);
        }
    }

    /// <summary>Nobody can go on with what is here. True when somebody who sends whole chunks only may be asked for all of it instead.</summary>
    public bool TryBeginWhole()
    {
        if (_wholeOnly.Count == 0)
        {
            return false;
        }

        BeginAlone();
        _wholeOnly.ForEach(plan.Readmit);
        _wholeOnly.Clear();
        return true;
    }

    /// <summary>All bytes are here: the end of the fetch, or null when it has to begin anew.</summary>
    public FetchEnd? Judge()
    {
        if (_doubted is not null && !TrySettle())
        {
            _blame.NoteSuspicious(assembly.ToMemory(), assembly.GivenForGood);
            BeginAlone();
            return null;
        }

        var given = assembly.Given;
        ReadOnlyMemory<byte> content = assembly.ToMemory();
        var taken = assembly.HandOver();
        var put = Admit(content, taken);
        if (put == PutOutcome.Damaged && _mayBeginWithLineBreak && LineBreakAt(content.Span) is > 0 and var skip)
        {
            content = content[skip..];
            put = Admit(content, taken);
        }

        if (put == PutOutcome.Damaged)
        {
            Suspect(content, given, taken);
            return null;
        }

        if (put != PutOutcome.Admitted)
        {
            site.Memory.Give(taken);
        }

        switch (put)
        {
            case PutOutcome.Refused:
                site.Traffic.Wasted(content.Length);
                given.Select(g => g.Source).Distinct().ToList().ForEach(s => plan.Exclude(s, "sent a chunk that the store does not take"));
                assembly.Clear();
                return null;
        }

        _ = site.Chunks.Layout.ListLengthOf(chunk) is not null && site.Chunks.Learn(chunk, content);
        Credit(content, given);
        return new FetchEnd.Whole(content);
    }

    /// <summary>What somebody unproven began is not to be finished by others: were it wrong, all of theirs would be lost.</summary>
    /// <remarks>What it was worth shows when the right bytes are here: whoever was only too slow has proven that it does not lie.</remarks>
    public void Forget(PartAttempt attempt)
    {
        if (!attempt.MayBeginWithLineBreak && assembly.Glimpse(attempt.Part, attempt.Source) is (var from, var to, var digest))
        {
            _blame.NoteForgotten(from, to, attempt.Source, digest);
        }

        site.Traffic.Wasted(assembly.Forget(attempt.Part, attempt.Source));
    }

    /// <summary>What its source does not let us keep is checked for those who wait, and goes with them.</summary>
    private PutOutcome Admit(ReadOnlyMemory<byte> content, long taken) =>
        assembly.MayKeep ? site.Chunks.Admit(chunk, content, taken).Outcome
        : site.Chunks.Layout.HashOf(chunk) is { } hash && hash.Span.SequenceEqual(SHA256.HashData(content.Span)) ? PutOutcome.MemoryOnly
        : PutOutcome.Damaged;

    private void NoteEnd(PartAttempt attempt)
    {
        var (position, end) = assembly.Bounds(attempt.Part);
        if (end is null && position > 0 && !assembly.IsShared)
        {
            assembly.EndHere(attempt.Part);
            attempt.ObserveSpeed();
            return;
        }

        var detail = position == 0 ? "sent an empty chunk" : "sent less than it had announced";
        Fail(attempt, new TransferOutcome(TransferResult.Malformed, detail));
    }

    private void Fail(PartAttempt attempt, TransferOutcome outcome)
    {
        if (outcome.Result is TransferResult.TooSlow or TransferResult.BrokenOff)
        {
            attempt.ObserveSpeed();
        }

        site.Parts.Logger.AttemptFailed(site.SwarmId, attempt.Source.Name, outcome.Detail, chunk);
        plan.Failed(attempt.Source, outcome, site.Parts.Clock.Now);
        if (IsAlone || outcome.Result == TransferResult.TooLarge)
        {
            // What it began is not to be finished by somebody else.
            BeginAlone();
        }
    }

    /// <summary>From now on the chunk comes from one source at a time.</summary>
    public void BeginAlone()
    {
        IsAlone = true;
        Drop();
    }

    private void Suspect(ReadOnlyMemory<byte> content, IReadOnlyList<(long From, long To, Source Source)> given, long taken)
    {
        site.Traffic.ChunkDamaged();
        var isFromOne = given.Select(g => g.Source).Distinct().Count() == 1;
        if (!isFromOne)
        {
            _blame.NoteSuspicious(content, given);
            if (!_mayBeginWithLineBreak && site.Chunks.Layout.HashOf(chunk) is { } digest)
            {
                _doubted = assembly.TakeOut(taken);
                _check = new CrossCheck(_doubted, digest);
                return;
            }
        }

        site.Memory.Give(taken);
        site.Traffic.Wasted(content.Length);
        if (isFromOne)
        {
            // Found: those who gave the other parts of what was wrong before need not prove themselves one by one.
            IsAlone &= !_blame.IsSuspicious(given[0].Source);
            _blame.Ban(given[0].Source);
        }
        else
        {
            IsAlone = true;
        }

        assembly.Clear();
    }

    private void EndDoubt()
    {
        _doubted?.Dispose();
        (_doubted, _check, _checkedParts) = (null, null, 0);
    }

    /// <summary>The right bytes are here: praise for who gave them, and an end to who gave others before.</summary>
    private void Credit(ReadOnlyMemory<byte> content, IReadOnlyList<(long From, long To, Source Source)> given)
    {
        _blame.Settle(content);
        var sources = given.Select(g => g.Source).Distinct().ToList();
        sources.ForEach(s => s.Health.Succeeded());
        assembly.Judged();
        site.Traffic.ChunkDone(sources.TrueForAll(s => s.IsOrigin));
        site.ObserveSize(chunk, content.Length);
        site.Parts.Logger.Fetched(site.SwarmId, chunk, string.Join(", ", sources.Select(s => s.Name)), content.Length);
    }

    private static int LineBreakAt(ReadOnlySpan<byte> content) =>
        content.StartsWith("\r\n"u8) ? 2 : content.StartsWith("\n"u8) ? 1 : 0;
}
