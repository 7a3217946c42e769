using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Those who wait. What is due is shared in turn: hosts first, then the PeerIDs of a host, then the requests of a PeerID; who
/// has many requests pushes nobody out. Where nothing is due yet, what is due first comes first: who says that all of theirs
/// is urgent gets no more than a share of what is, and nobody waits longer for them than until their own chunk is due. Not safe
/// for concurrent use; the owner locks.
/// </summary>
internal sealed class FairLine<T>
    where T : class
{
    private readonly LinkedList<Host> _ring = [];
    private readonly Dictionary<IPAddress, LinkedListNode<Host>> _hosts = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The hosts that wait, in the order of their turns.</summary>
    public IEnumerable<IPAddress> Hosts => _ring.Select(h => h.Address);

    /// <summary>All who wait; a snapshot.</summary>
    public IReadOnlyList<T> Items => [.. _ring.SelectMany(h => h.Lanes).SelectMany(l => l.Items).Select(e => e.Item)];

    /// <summary>How many of a host wait.</summary>
    public int CountOf(IPAddress host) => _hosts.TryGetValue(host, out var node) ? node.Value.Count : 0;

    /// <summary>How many of a PeerID at a host wait.</summary>
    public int CountOf(Requester who) =>
        _hosts.TryGetValue(who.Host, out var node) && node.Value.Find(who) is { } lane ? lane.Value.Items.Count : 0;

    /// <summary>Joins the end of its own line.</summary>
    /// <param name="who">Whose it is.</param>
    /// <param name="due">When it is due; to the second.</param>
    /// <param name="item">Who waits.</param>
    public void Add(Requester who, TimeSpan due, T item)
    {
        if (!_hosts.TryGetValue(who.Host, out var node))
        {
            node = _ring.AddLast(new Host(who.Host));
            _hosts.Add(who.Host, node);
        }

        var lane = node.Value.Find(who) ?? node.Value.Lanes.AddLast(new Lane(who));
        lane.Value.Items.AddLast(new Entry(item, (long)Math.Floor(due.TotalSeconds)));
        node.Value.Count++;
        Count++;
    }

    /// <summary>Leaves the line. False when it was not, or no more, there.</summary>
    public bool Remove(Requester who, T item)
    {
        if (!_hosts.TryGetValue(who.Host, out var node)
            || node.Value.Find(who) is not { } lane
            || lane.Value.Items.FirstOrDefault(e => e.Item == item) is not { } entry)
        {
            return false;
        }

        lane.Value.Items.Remove(entry);
        Gone(node, lane);
        return true;
    }

    /// <summary>Takes the next one out: what is due of the host with the least burden; where nothing is, what is due first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="burdenOf">What a host has had already, 0 or more; null when it may have nothing now. Equal ones take turns.</param>
    /// <param name="item">Who is next.</param>
    /// <returns>False when nobody may.</returns>
    public bool TryTake(TimeSpan now, Func<IPAddress, double?> burdenOf, [NotNullWhen(true)] out T? item) =>
        TryTake(now, burdenOf, _ => true, out item);

    /// <summary>The same among those only of whom something is true.</summary>
    public bool TryTake(TimeSpan now, Func<IPAddress, double?> burdenOf, Func<T, bool> may, [NotNullWhen(true)] out T? item)
    {
        // What is due, is so alike, for however long it has been.
        var floor = (long)Math.Floor(now.TotalSeconds);
        LinkedListNode<Host>? next = null;
        var least = (Due: long.MaxValue, Burden: double.MaxValue);
        for (var node = _ring.First; node is not null; node = node.Next)
        {
            if (burdenOf(node.Value.Address) is { } burden && node.Value.FirstDue(floor, may) is { } due && (due, burden).CompareTo(least) < 0)
            {
                (next, least) = (node, (due, burden));
            }
        }

        item = null;
        if (next is null)
        {
            return false;
        }

        var lane = NodesOf(next.Value.Lanes).First(l => l.Value.FirstDue(floor, may) == least.Due);
        var entry = lane.Value.Items.First(e => may(e.Item) && Math.Max(e.Due, floor) == least.Due);
        item = entry.Item;
        lane.Value.Items.Remove(entry);
        next.Value.Lanes.Remove(lane);
        next.Value.Lanes.AddLast(lane);
        _ring.Remove(next);
        _ring.AddLast(next);
        Gone(next, lane);
        return true;
    }

    /// <summary>Takes everybody out.</summary>
    public IReadOnlyList<T> Clear()
    {
        var all = Items;
        _ring.Clear();
        _hosts.Clear();
        Count = 0;
        return all;
    }

    private void Gone(LinkedListNode<Host> host, LinkedListNode<Lane> lane)
    {
        Count--;
        host.Value.Count--;
        if (lane.Value.Items.Count == 0)
        {
            host.Value.Lanes.Remove(lane);
        }

        if (host.Value.Count == 0)
        {
            _ring.Remove(host);
            _hosts.Remove(host.Value.Address);
        }
    }

    private sealed class Host(IPAddress address)
    {
        public IPAddress Address => address;

        public LinkedList<Lane> Lanes { get; } = [];

        public int Count { get; set; }

        public LinkedListNode<Lane>? Find(Requester who) => NodesOf(Lanes).FirstOrDefault(l => l.Value.Who == who);

        public long? FirstDue(long floor, Func<T, bool> may) => Lanes.Min(l => l.FirstDue(floor, may));
    }

    private sealed class Lane(Requester who)
    {
        public Requester Who => who;

        public LinkedList<Entry> Items { get; } = [];

        public long? FirstDue(long floor, Func<T, bool> may)
        {
            long? first = null;
            foreach (var entry in Items.Where(e => may(e.Item)))
            {
                var due = Math.Max(entry.Due, floor);
                first = first is { } earlier && earlier <= due ? first : due;
            }

            return first;
        }
    }

    private static IEnumerable<LinkedListNode<Lane>> NodesOf(LinkedList<Lane> lanes)
    {
        for (var node = lanes.First; node is not null; node = node.Next)
        {
            yield return node;
        }
    }

    private sealed record Entry(T Item, long Due);
}
