using Microsoft.Extensions.Logging;

namespace Storm.Tests.Checks;

/// <summary>An error that a room logs is a finding; a disk that does not take a chunk is the storm's own doing.</summary>
internal sealed class ErrorLog(Findings findings) : ILoggerProvider, ILogger
{
    private const int DiskFailed = 2000;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId.Id != DiskFailed)
        {
            findings.Add($"Logged: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
