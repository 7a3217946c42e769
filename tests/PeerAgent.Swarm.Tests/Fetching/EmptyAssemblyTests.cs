using PeerAgent.Media.Store;
using PeerAgent.Swarm.Assembly;

namespace PeerAgent.Swarm.Tests.Fetching;

public sealed class EmptyAssemblyTests
{
    [Fact]
    public void A_chunk_that_ends_where_it_begins_has_no_bytes()
    {
        var assembly = new ChunkAssembly(1000, 1000, new MemoryBudget(1000));

        assembly.EndHere(assembly.Missing[0]);

        Assert.True(assembly.IsComplete);
        Assert.Equal(0, assembly.ToMemory().Length);
    }
}
