using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PeerAgent.Hosting;
using PeerAgent.Media.Store;

namespace PeerAgent.Tests.Hosting;

public sealed class MemoryWatchTests : IAsyncDisposable
{
    private const long Mebibyte = 1 << 20;
    private const long MemoryBytes = 256 * Mebibyte;

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly StateFolder _state;
    private readonly ChunkStore _store;
    private readonly MemoryWatch _watch;
    private readonly long _limit;
    private long _process = 80 * Mebibyte;
    private long _looks;

    public MemoryWatchTests()
    {
        var options = Options.Create(new StoreOptions { Path = _folder.Path, MemoryBytes = MemoryBytes });
        _state = new StateFolder(options);
        _store = new ChunkStore(_state, options, NullLogger<ChunkStore>.Instance);
        _limit = _store.Memory.Limit;
        _watch = new MemoryWatch(_store, options, new ProcessMemory(Look), _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        await _store.DisposeAsync();
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task While_the_rest_of_the_program_is_small_chunks_may_have_all_of_their_memory()
    {
        await StartAsync();

        await NextLookAsync();

        Assert.True(_store.Memory.TryTake(_limit));
        _store.Memory.Give(_limit);
    }

    [Fact]
    public async Task What_the_rest_takes_too_much_chunks_give_up_and_get_back()
    {
        await StartAsync();
        Assert.True(_store.Memory.TryTake(100 * Mebibyte));
        _process = (100 + 130) * Mebibyte;

        await NextLookAsync();

        var others = _process - (100 * Mebibyte);
        var given = _limit + others - (MemoryBytes + MemoryWatch.Rest - MemoryWatch.Slack);
        Assert.True(given > 0);
        Assert.Equal((100 * Mebibyte) + given, _store.Memory.Bytes);

        // What is given up is nobody's: it does not count as the rest's at the next look.
        await NextLookAsync();
        Assert.Equal((100 * Mebibyte) + given, _store.Memory.Bytes);

        _process = (100 + 80) * Mebibyte;
        await NextLookAsync();
        Assert.Equal(100 * Mebibyte, _store.Memory.Bytes);
        _store.Memory.Give(100 * Mebibyte);
    }

    [Fact]
    public async Task However_much_the_rest_takes_chunks_keep_three_quarters()
    {
        await StartAsync();
        _process = 10_000 * Mebibyte;

        await NextLookAsync();

        Assert.Equal(_limit / 4, _store.Memory.Bytes);
    }

    [Fact]
    public async Task Where_chunks_on_their_way_have_all_of_it_the_next_look_tries_again()
    {
        await StartAsync();
        Assert.True(_store.Memory.TryTake(_limit));
        _process = 10_000 * Mebibyte;

        await NextLookAsync();
        Assert.Equal(_limit, _store.Memory.Bytes);

        _store.Memory.Give(_limit);
        await NextLookAsync();
        Assert.Equal(_limit / 4, _store.Memory.Bytes);
    }

    private async Task StartAsync()
    {
        await _watch.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => _time.PendingTimers == 1, "the watch waits");
    }

    /// <summary>Two looks: when the second begins, the first is over.</summary>
    private async Task NextLookAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var before = Interlocked.Read(ref _looks);
            _time.Advance(MemoryWatch.Interval);
            await Eventually.HoldsAsync(() => Interlocked.Read(ref _looks) > before, "a look");
        }
    }

    private long Look()
    {
        Interlocked.Increment(ref _looks);
        return Interlocked.Read(ref _process);
    }
}
