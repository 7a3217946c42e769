using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReferenceTracker.Http;
using ReferenceTracker.Registry;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Hosting;

/// <summary>Makes the tracker as a web application: start it, read its first URL, stop it.</summary>
public static class TrackerHost
{
    /// <summary>
    /// Makes a tracker that does not listen yet. After <c>StartAsync</c> the first of <c>Urls</c> is the address it is bound
    /// to, also where port 0 was asked for.
    /// </summary>
    /// <param name="args">Settings, <c>--ReferenceTracker:Listen=URL</c> or <c>--key value</c>; they win over environment and file.</param>
    /// <param name="customise">Changes settings and services before they are read, or null. A service added here wins.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong or unknown; each failure names its key.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? customise)
    {
        ArgumentNullException.ThrowIfNull(args);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // The one file is read once; nothing of it can change at run time.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddLogging(builder);
        customise?.Invoke(builder);
        var options = SettingsReader.Read(builder.Configuration);
        ConfigureKestrel(builder, options);
        AddServices(builder.Services, options);
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<TrackerDoor>().InvokeAsync);
        app.Lifetime.ApplicationStarted.Register(() => app.Services
            .GetRequiredService<ILoggerFactory>().CreateLogger(nameof(ReferenceTracker)).Listening(app.Urls.First()));
        return app;
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            o => o.LogToStandardErrorThreshold = LogLevel.Trace);

        // Both report a failed start with a stack trace, which whoever starts the tracker has from the exception already.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    private static void ConfigureKestrel(WebApplicationBuilder builder, TrackerOptions options)
    {
        if (!ListenAddress.TryParse(options.Listen, out var listen))
        {
            throw new InvalidOperationException("The settings were read without being checked.");
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            var limits = kestrel.Limits;
            limits.MaxConcurrentConnections = options.Limits.Connections;
            limits.MaxRequestBodySize = RequestBody.MaxBytes;
            limits.MaxRequestBufferSize = RequestBody.MaxBytes + (64 * 1024);
            limits.MaxRequestHeadersTotalSize = 16 * 1024;
            limits.MaxRequestHeaderCount = 64;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(3));
            limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Listen(listen.EndPoint, l => l.Protocols = HttpProtocols.Http1);
        });
    }

    private static void AddServices(IServiceCollection services, TrackerOptions options)
    {
        services.AddSingleton(Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITrackerConversationObserver, SilentObserver>();
        services.TryAddSingleton(_ => new Random());
        services.AddSingleton(s => new SwarmRegistry(
            options, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<Random>()));
        services.AddSingleton(s => new WorkGate(options.Limits, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TrackerMetrics>();
        services.AddSingleton<TrackerDoor>();
        services.AddHostedService<Sweeper>();
        services.AddMetrics();

        // Whoever is still sending after this has had time enough.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
    }
}
