using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using PeerAgent.Identity;
using PeerAgent.Listening;
using PeerAgent.Media;
using PeerAgent.Media.Store;
using PeerAgent.Proxy;
using PeerAgent.Streams;
using PeerAgent.Swarm;
using PeerAgent.Swarm.Transfer;
using PeerAgent.Swarm.Upload;
using PeerAgent.Tracker;
using PeerAgent.Tracker.Sessions;

namespace PeerAgent.Hosting;

/// <summary>Puts the agent together: settings, rooms, doors, routes. The one place where everything meets.</summary>
public static class AgentHost
{
    private const int MaxConnections = 4096;

    /// <summary>How long stopping may take in all; LEAVE and DISCONNECT get most of it.</summary>
    private static readonly TimeSpan StopBudget = TimeSpan.FromSeconds(4);

    /// <summary>Builds an agent that is ready to be started.</summary>
    /// <param name="settings">Settings from the command line, <c>--PeerAgent:Proxy:Listen</c> and so on.</param>
    /// <param name="customise">Changes for a host around it (demo, tests), or null.</param>
    /// <remarks>What building and starting may throw for a user to mend is told by <see cref="StartupFailure.Explain"/>.</remarks>
    public static WebApplication Build(string[] settings, Action<WebApplicationBuilder>? customise)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = "peer-agent",
        });
        builder.Configuration.AddCommandLine(settings);

        AddLogging(builder);
        AgentSettings.Add(builder.Services, builder.Configuration);
        AddRooms(builder.Services);
        AddProxy(builder.Services);
        AddDoors(builder);
        customise?.Invoke(builder);

        var app = builder.Build();
        AgentRoutes.Map(app);
        return app;
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        // A start that fails is told in one line by the command; the framework would add a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // Where this may log, each request gets an activity and a scope of its own, which nobody reads; our log has a line a session.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        });

        // Standard output belongs to what a command answers.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddRooms(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddPeerAgentMedia();
        services.AddPeerAgentSwarm();
        services.AddPeerAgentTracker();

        services.AddSingleton<AgentIdentity>();
        services.AddSingleton<AdvertisedAddresses>();
        services.AddSingleton(provider => new LocalPeer(provider.GetRequiredService<AgentIdentity>().PeerId));
        services.AddSingleton(provider => new SessionIdentity(
            provider.GetRequiredService<AgentIdentity>().PeerId,
            provider.GetRequiredService<AgentIdentity>().Credentials,
            provider.GetRequiredService<AdvertisedAddresses>().Current));

        services.AddSingleton<StreamRooms>();
        services.AddSingleton<TrackerWait>();
        services.AddSingleton<Catalogue>();
        services.AddHostedService<AgentLifetime>();
        services.AddHostedService<IdlePlayers>();
        services.TryAddSingleton(ProcessMemory.OfSystem);
        services.AddHostedService<MemoryWatch>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopBudget);
    }

    private static void AddProxy(IServiceCollection services)
    {
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Detail ??= Problems.Explain(context.HttpContext, context.ProblemDetails.Status));
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<ProxyOptions>>((cors, proxy) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. proxy.Value.AllowedOrigins])
            .WithMethods("GET", "HEAD", "POST", "DELETE")
            .AllowAnyHeader()
            .WithExposedHeaders("Location", "ETag", "Content-Length", "Content-Range", "Accept-Ranges")));
    }

    private static void AddDoors(WebApplicationBuilder builder)
    {
        var listeners = new Listeners();
        builder.Services.AddSingleton(listeners);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(
            provider => new ConnectionBuffers(provider.GetRequiredService<ChunkStore>().Memory));
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = MaxConnections;
            listeners.Open(
                server, Listener.Players, server.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.Listen);
            listeners.Open(
                server, Listener.Peers, server.ApplicationServices.GetRequiredService<IOptions<PeerOptions>>().Value.Listen);
        });
    }
}
