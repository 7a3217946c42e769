namespace ReferenceTracker.Registry;

/// <summary>Memberships that end by themselves, the next one first: a heap whose entries know their place.</summary>
internal sealed class MembershipQueue
{
    private readonly List<Membership> _heap = [];

    internal bool TryPeek(out Membership? next)
    {
        next = _heap.Count > 0 ? _heap[0] : null;
        return next is not null;
    }

    /// <summary>Sets when a membership ends: enters, moves or removes it.</summary>
    internal void Schedule(Membership membership, long expiresAt)
    {
        Remove(membership);
        membership.ExpiresAt = expiresAt;
        if (expiresAt != Membership.Never)
        {
            _heap.Add(membership);
            membership.QueueIndex = _heap.Count - 1;
            Rise(membership.QueueIndex);
        }
    }

    internal void Remove(Membership membership)
    {
        var index = membership.QueueIndex;
        if (index < 0)
        {
            return;
        }

        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        membership.QueueIndex = -1;
        if (last != membership)
        {
            Put(last, index);
            Rise(index);
            Sink(last.QueueIndex);
        }
    }

    private void Put(Membership membership, int index)
    {
        _heap[index] = membership;
        membership.QueueIndex = index;
    }

    private void Rise(int index)
    {
        var membership = _heap[index];
        while (index > 0 && _heap[(index - 1) / 2].ExpiresAt > membership.ExpiresAt)
        {
            Put(_heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Put(membership, index);
    }

    private void Sink(int index)
    {
        var membership = _heap[index];
        for (var child = (2 * index) + 1; child < _heap.Count; child = (2 * index) + 1)
        {
            if (child + 1 < _heap.Count && _heap[child + 1].ExpiresAt < _heap[child].ExpiresAt)
            {
                child++;
            }

            if (_heap[child].ExpiresAt >= membership.ExpiresAt)
            {
                break;
            }

            Put(_heap[child], index);
            index = child;
        }

        Put(membership, index);
    }
}
