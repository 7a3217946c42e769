using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Tests.Upload;

public sealed class AnnouncedMapsTests
{
    [Fact]
    public void However_many_levels_are_held_the_answer_can_be_written_and_read()
    {
        Assert.True(TransactionId.TryParse("1", out var id));
        var maps = Enumerable.Range(0, 500)
            .Select(i => new LevelMap(new LevelId("clip", "video", i), [ChunkMap.Create(0, ChunkMap.MaxLength, [(byte)(i % 2)])]))
            .ToList();

        var answer = PeerCodec.WriteResponse(new PeerResponse
        {
            Code = ResponseCode.Ok, TransactionId = id, ChunkMaps = AnnouncedMaps.Of(maps),
        });

        Assert.True(PeerCodec.ReadResponse(answer).TryGet(out var read, out var refusal), refusal?.Reason);
        var told = read.ChunkMaps!.Where(l => l.Segments.Count > 0).ToList();
        Assert.NotEmpty(told);
        Assert.All(told, l => Assert.Equal(1, l.Level.Level % 2));
    }
}
