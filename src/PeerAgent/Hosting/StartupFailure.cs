using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using PeerAgent.Settings;

namespace PeerAgent.Hosting;

/// <summary>Turns what can go wrong at start into one line that says what to do.</summary>
public static class StartupFailure
{
    /// <summary>The line for an expected failure, or null when the exception is a bug.</summary>
    public static string? Explain(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            OptionsValidationException options => string.Join(' ', options.Failures),
            SettingsException settings => settings.Message,
            Media.Store.StoreUnavailableException store => store.Message,
            IOException { InnerException: AddressInUseException } inUse =>
                $"{OneLine(inUse.Message)} Stop the program that uses it, or set {Proxy.ProxyOptions.Section}:Listen and {Swarm.Upload.PeerOptions.Section}:Listen to other ports.",
            System.Net.Sockets.SocketException socket =>
                $"Cannot listen: {OneLine(socket.Message)}. Check {Proxy.ProxyOptions.Section}:Listen and {Swarm.Upload.PeerOptions.Section}:Listen.",
            InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } binding => OneLine(binding.Message),
            InvalidDataException file => OneLine(file.Message),
            _ => null,
        };
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
