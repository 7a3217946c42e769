namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// When STAT_REPORT is sent, and with what: all joined swarms every interval, single ones ahead of it when they are new or
/// have changed much. Used by the session's loop only.
/// </summary>
internal sealed class Reporting(TimeSpan interval)
{
    /// <summary>A change is reported so much later, together with what else changes meanwhile.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromSeconds(1);

    private readonly Queue<ReportPart> _parts = new();

    /// <summary>When the next full report is due.</summary>
    public TimeSpan NextAt { get; private set; }

    /// <summary>What to send now, or null.</summary>
    public ReportPart? Next(IReadOnlyList<Member> joined, TimeSpan now)
    {
        if (_parts.Count == 0)
        {
            foreach (var part in ReportSplitter.Split(Collect(joined, now)))
            {
                _parts.Enqueue(part);
            }
        }

        return _parts.TryDequeue(out var next) ? next : null;
    }

    /// <summary>Forgets what was not sent yet; it is collected afresh.</summary>
    public void Restart(TimeSpan now)
    {
        if (_parts.Count > 0)
        {
            _parts.Clear();
            NextAt = now;
        }
    }

    private List<(Member Member, SwarmReport Report)> Collect(IReadOnlyList<Member> joined, TimeSpan now)
    {
        var isFull = now >= NextAt;
        var due = joined.Where(m => isFull || m.ReportAt <= now).ToList();
        if (due.Count == joined.Count && due.Any(m => isFull || !m.ReportOnlyIfChanged))
        {
            isFull = true;
            NextAt = now + interval;
        }

        var reports = new List<(Member Member, SwarmReport Report)>(due.Count);
        foreach (var member in due)
        {
            var onlyIfChanged = member.ReportOnlyIfChanged && !isFull;
            member.ReportTaken();
            if (member.TryGetReport() is not { } report)
            {
                member.Reported(null);
            }
            else if (!onlyIfChanged || member.HasChangedMuch(report))
            {
                reports.Add((member, report));
            }
        }

        return reports;
    }
}
