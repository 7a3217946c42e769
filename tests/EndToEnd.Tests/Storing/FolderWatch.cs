namespace EndToEnd.Tests.Storing;

/// <summary>
/// Sums the lengths of all files in a folder again and again. Files come and go while one sum is taken, so that it may count
/// some that never lay there together: what is counted is what lay there at the end of one look and at the beginning of
/// the next, in the moment between the two.
/// </summary>
internal sealed class FolderWatch : IAsyncDisposable
{
    private const string TemporaryEnding = ".tmp";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder;
    private readonly Task _watching;
    private long _most;
    private int _looks;

    public FolderWatch(string folder)
    {
        _folder = folder;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The most bytes that lay there at any one moment.</summary>
    public long Most => Volatile.Read(ref _most);

    /// <summary>How often it was looked.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Pace);
        while (!_stop.IsCancellationRequested)
        {
            var before = Look();
            var after = Look();
            var sum = before.Sum(file => Math.Min(file.Value, after.GetValueOrDefault(file.Key)));
            Volatile.Write(ref _most, Math.Max(_most, sum));
            Interlocked.Increment(ref _looks);
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Bytes by file; a file that is still being written counts under the name that it will get.</summary>
    private Dictionary<string, long> Look()
    {
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*", Everything))
        {
            var name = file.Extension == TemporaryEnding
                ? Path.ChangeExtension(Path.ChangeExtension(file.FullName, null), null)
                : file.FullName;
            files[name] = files.GetValueOrDefault(name) + LengthOf(file);
        }

        return files;
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
