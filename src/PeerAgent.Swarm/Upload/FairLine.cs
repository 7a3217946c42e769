using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Those who wait, in turn: hosts first, then the PeerIDs of a host, then the requests of a PeerID. Who has many requests
/// pushes nobody out. Not safe for concurrent use; the owner locks.
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

    /// <summary>How many of a host wait.</summary>
    public int CountOf(IPAddress host) => _hosts.TryGetValue(host, out var node) ? node.Value.Count : 0;

    /// <summary>How many of a PeerID at a host wait.</summary>
    public int CountOf(Requester who) =>
        _hosts.TryGetValue(who.Host, out var node) && node.Value.Find(who) is { } lane ? lane.Value.Items.Count : 0;

    /// <summary>Joins the end of its own line.</summary>
    public void Add(Requester who, T item)
    {
        if (!_hosts.TryGetValue(who.Host, out var node))
        {
            node = _ring.AddLast(new Host(who.Host));
            _hosts.Add(who.Host, node);
        }

        var lane = node.Value.Find(who) ?? node.Value.Lanes.AddLast(new Lane(who));
        lane.Value.Items.AddLast(item);
        node.Value.Count++;
        Count++;
    }

    /// <summary>Leaves the line. False when it was not, or no more, there.</summary>
    public bool Remove(Requester who, T item)
    {
        if (!_hosts.TryGetValue(who.Host, out var node)
            || node.Value.Find(who) is not { } lane
            || !lane.Value.Items.Remove(item))
        {
            return false;
        }

        Gone(node, lane);
        return true;
    }

    /// <summary>Takes the next one out: of the host with the least burden the one whose turn it is.</summary>
    /// <param name="burdenOf">What a host has had already, 0 or more; null when it may have nothing now. Equal ones take turns.</param>
    /// <param name="item">Who is next.</param>
    /// <returns>False when nobody may.</returns>
    public bool TryTake(Func<IPAddress, double?> burdenOf, [NotNullWhen(true)] out T? item)
    {
        LinkedListNode<Host>? next = null;
        var least = double.MaxValue;
        for (var node = _ring.First; node is not null; node = node.Next)
        {
            if (burdenOf(node.Value.Address) is { } burden && burden < least)
            {
                (next, least) = (node, burden);
            }
        }

        item = null;
        if (next is null)
        {
            return false;
        }

        var lane = next.Value.Lanes.First!;
        item = lane.Value.Items.First!.Value;
        lane.Value.Items.RemoveFirst();
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
        List<T> all = [.. _ring.SelectMany(h => h.Lanes).SelectMany(l => l.Items)];
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

        public LinkedListNode<Lane>? Find(Requester who)
        {
            var node = Lanes.First;
            while (node is not null && node.Value.Who != who)
            {
                node = node.Next;
            }

            return node;
        }
    }

    private sealed class Lane(Requester who)
    {
        public Requester Who => who;

        public LinkedList<T> Items { get; } = [];
    }
}
