using System.Collections.Concurrent;

namespace Storm.Tests.Checks;

/// <summary>What was found to be wrong; the run ends at the next look.</summary>
internal sealed class Findings
{
    private readonly ConcurrentQueue<string> _all = new();

    public bool Any => !_all.IsEmpty;

    public void Add(string what) => _all.Enqueue(what);

    public override string ToString() => string.Join(Environment.NewLine, _all.Take(10));
}
