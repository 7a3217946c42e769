using Microsoft.Extensions.Logging;
using PeerAgent.Media.Store;

namespace PeerAgent.Media.Tests.Store;

public sealed class DiskTroubleTests
{
    [Fact]
    public void What_lasts_is_said_once_and_its_end_too()
    {
        var log = new Lines();
        var trouble = new DiskTrouble("/state", log);

        trouble.Written(null);
        for (var i = 0; i < 3; i++)
        {
            trouble.Written("No space left on device");
        }

        trouble.Written(null);
        trouble.Written(null);
        trouble.Full(5000, 4000);
        trouble.Full(6000, 4000);

        Assert.Equal([2000, 2001, 2005], log.Said.Select(s => s.Id));
        Assert.Contains("PeerAgent:Store:Path", log.Said[0].Text, StringComparison.Ordinal);
        Assert.Contains("No space left on device", log.Said[0].Text, StringComparison.Ordinal);
        Assert.Contains("PeerAgent:Store:MaxBytes is 4000", log.Said[2].Text, StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger
    {
        public List<(int Id, string Text)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add((eventId.Id, formatter(state, exception)));
    }
}
