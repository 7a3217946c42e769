using System.Runtime.InteropServices;
using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

/// <summary>Random use of a store of several streams, watched by what must hold after every step.</summary>
public sealed class StorePropertyTests
{
    private const int Streams = 3;
    private const int Chunks = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Limits_maps_and_content_agree_after_any_sequence(int seed)
    {
        var random = new Random(seed);
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = (100_000 + random.Next(100_000), 20_000 + random.Next(60_000)));
        var use = new Use(test, random);
        for (var step = 0; step < 600; step++)
        {
            await use.StepAsync();
            use.CheckLimits();
            if (step % 50 == 49)
            {
                await use.SettleAsync();
                use.CheckMaps();
            }

            if (step % 200 == 199)
            {
                await use.RestartAsync();
                use.CheckMaps();
            }
        }

        await use.EndAsync();
        Assert.Equal(0, use.Test.Store.MemoryBytes);
        Assert.Empty(Directory.EnumerateFiles(test.Root, "*.tmp", SearchOption.AllDirectories));
    }

    private sealed class Use(TestStore test, Random random)
    {
        private readonly List<StoredChunk> _leases = [];
        private readonly List<Task<PutOutcome>> _writes = [];
        private long _taken;

        public TestStore Test => test;

        public async Task StepAsync()
        {
            var number = random.Next(Streams);
            var chunks = test.Store.Open(Info(number));
            switch (random.Next(20))
            {
                case < 8:
                    Admit(chunks, number, random.Next(Chunks));
                    break;
                case < 13:
                    await OpenAsync(chunks, number, random.Next(Chunks));
                    break;
                case < 15:
                    chunks.SetPositions([.. Enumerable.Range(0, random.Next(3)).Select(_ => new PlayPosition("path/film", "video", random.Next(Chunks)))]);
                    break;
                case < 16:
                    chunks.IsPinned = number == 0 && !chunks.IsPinned;
                    break;
                case < 17:
                    Transfer();
                    break;
                case < 18 when _leases.Count > 0:
                    _leases[0].Dispose();
                    _leases.RemoveAt(0);
                    break;
                case < 19:
                    await Task.Yield();
                    break;
                default:
                    test.Store.Close(Info(number).SwarmId);
                    break;
            }
        }

        public void CheckLimits()
        {
            Assert.InRange(test.Store.DiskBytes, 0, test.Options.MaxBytes);
            Assert.InRange(test.Store.MemoryBytes, _taken + Leased(), test.Options.MemoryBytes);
        }

        public void CheckMaps()
        {
            var held = 0;
            for (var i = 0; i < Streams; i++)
            {
                var chunks = test.Store.Open(Info(i));
                held += chunks.HeldCount;
                Assert.Equal(chunks.HeldCount, chunks.GetMaps()[0].Segments[0].Held().Count());
            }

            Assert.Equal(test.Files().Count, held);
            Assert.Equal(test.Store.DiskBytes, test.Files().Sum(f => new FileInfo(f).Length));
            Assert.True(test.ApparentSize() <= test.Options.MaxBytes);
            Assert.Empty(Directory.EnumerateFiles(test.Root, "*.tmp", SearchOption.AllDirectories));
        }

        public async Task SettleAsync()
        {
            await Task.WhenAll(_writes);
            _writes.Clear();
            await Eventually.HoldsAsync(() => test.Store.Writes.Count == 0, "the end of all writes");
        }

        public async Task RestartAsync()
        {
            await EndAsync();
            test.Reopen();
        }

        /// <summary>Gives everything back: then nothing may be in use but what is cached, and after closing nothing at all.</summary>
        public async Task EndAsync()
        {
            _leases.ForEach(l => l.Dispose());
            _leases.Clear();
            test.Store.Memory.Give(_taken);
            _taken = 0;
            await test.Store.DisposeAsync();
            await SettleAsync();
            for (var i = 0; i < Streams; i++)
            {
                test.Store.Close(Info(i).SwarmId);
            }

            Assert.Equal(0, test.Store.MemoryBytes);
        }

        /// <summary>Bytes of memory behind the leases, each counted once.</summary>
        private long Leased() => _leases
            .Where(l => l.Memory is not null)
            .Select(l => MemoryMarshal.TryGetArray(l.Memory!.Value, out var array) ? array.Array! : [])
            .Distinct()
            .Sum(a => (long)a.Length);

        private static PeerAgent.Media.Streams.StreamInfo Info(int number) => Stream($"swarm {number}", Chunks);

        private static byte[] Content(int stream, int index) => Bytes((stream * 1000) + index, 500 + (index * 131 % 9000));

        private void Admit(StreamChunks chunks, int stream, int index)
        {
            var content = Content(stream, index);
            var taken = test.Store.Memory.TryTake(content.Length) ? content.Length : 0;
            var admission = chunks.Admit(Chunk(index), content, taken);
            _writes.Add(admission.Kept);
            if (admission.Outcome != PutOutcome.Admitted)
            {
                Assert.Equal(PutOutcome.AlreadyHeld, admission.Outcome);
                test.Store.Memory.Give(taken);
            }
        }

        private async Task OpenAsync(StreamChunks chunks, int stream, int index)
        {
            if (await chunks.OpenAsync(Chunk(index), default) is not { } lease)
            {
                return;
            }

            Assert.Equal(Content(stream, index), lease.Memory?.ToArray() ?? Read(lease));
            if (random.Next(3) == 0 && _leases.Count < 4)
            {
                _leases.Add(lease);
            }
            else
            {
                lease.Dispose();
            }
        }

        private void Transfer()
        {
            var bytes = random.Next(10_000);
            if (_taken > 0)
            {
                test.Store.Memory.Give(_taken);
                _taken = 0;
            }
            else if (test.Store.Memory.TryTake(bytes))
            {
                _taken = bytes;
            }
        }
    }
}
