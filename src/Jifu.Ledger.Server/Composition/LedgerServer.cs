using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Evidence;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>The whole server, put together: database up to date, keys in place, endpoints mapped.</summary>
internal static partial class LedgerServer
{
    private const long BodyBytesMax = 1 << 20;

    // Settings are read once. The host would watch their files for changes all the same, and each folder below the one
    // that it was started in: from /, where supervisors start it, that takes longer than everything else.
    private const string NoWatch = "--hostBuilder:reloadConfigOnChange=false";

    private const string WebServer = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>Everything but listening. Brings the database up to this program first.</summary>
    /// <exception cref="InvalidOperationException">The configuration does not do.</exception>
    public static async Task<WebApplication> Build(string[] args, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateBuilder([NoWatch, .. args]);
        var settings = ServerSettings.Read(builder.Configuration);
        var isUp = Limit(builder);
        var home = Reach.Home(settings.Home);
        await using var owner = NpgsqlDataSource.Create(settings.LedgerOwner);
        await Reach.AsOwner(settings, async () =>
        {
            await Migrator.Migrate(settings.LedgerOwner, ServerSchema.Modules, cancellation);

            // What is put together below makes a master key when there is none.
            await MasterKeyCheck.MustOpen(home, owner, cancellation);
        });
        builder.Services.AddLedger(settings, home, Databases.Of(settings.Ledger));
        builder.Services.AddApi();
        var app = builder.Build();
        await Reach.AsOwner(settings, async () =>
        {
            foreach (var schema in await Rebuild.Sweep(owner, cancellation))
                LogLeft(app.Logger, schema);
        });
        await Reach.AsApp(settings, () => Open(app, cancellation));
        app.MapApi(settings);
        Announce(app, isUp);
        return app;
    }

    /// <summary>Listens until it is told to stop.</summary>
    /// <param name="app">What was built.</param>
    /// <param name="cancellation">Ends the start. What has started is told to stop by a signal.</param>
    /// <exception cref="InvalidOperationException">There is nothing to listen on.</exception>
    public static async Task Run(WebApplication app, CancellationToken cancellation = default)
    {
        try
        {
            await Start(app, cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException }
            or InvalidOperationException { Source: WebServer })
        {
            // What the web server says of certificates goes on for paragraphs.
            throw new InvalidOperationException(
                $"{ServerSettings.UrlsName}: nothing can listen on {app.Configuration["urls"]}: "
                + e.Message.Split('\n')[0].TrimEnd(), e);
        }

        await app.WaitForShutdownAsync(CancellationToken.None);
    }

    // Whoever has started before something else failed is to stop, and does not take it for a failure then.
    private static async Task Start(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            app.Lifetime.StopApplication();
            throw;
        }
    }

    // Everything that asks the database as the role that runs.
    private static async Task Open(WebApplication app, CancellationToken cancellation)
    {
        await app.WaitForLog(cancellation);
        await LogAge.MustCoverViews(
            app.Services.GetRequiredService<IEventLog>(), app.Services.GetRequiredService<Databases>(), cancellation);
        await app.Services.GetRequiredService<OperatorKeys>().Ensure(cancellation);
        await LookForKeys(app, cancellation);
    }

    /// <returns>To be set when the server is up.</returns>
    private static StrongBox<bool> Limit(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });

        // What was begun is finished: scripts/run waits half a minute before it kills.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // Why a start failed is told in one sentence, by whoever catches it; these two would tell it before, in stacks.
        var isUp = new StrongBox<bool>();
        builder.Logging.AddFilter(
            "Microsoft.AspNetCore.Server.Kestrel", level => level >= LogLevel.Warning && isUp.Value);
        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host",
            level => level == LogLevel.Critical || (level >= LogLevel.Warning && isUp.Value));
        return isUp;
    }

    // The command line finds the server by what stands in its home folder.
    private static void Announce(WebApplication app, StrongBox<bool> isUp)
    {
        var home = app.Services.GetRequiredService<HomeFolder>();
        app.Lifetime.ApplicationStarted.Register(() => isUp.Value = true);
        app.Lifetime.ApplicationStarted.Register(() => home.WriteServer(AddressOf(app)));
        app.Lifetime.ApplicationStopped.Register(home.DeleteServer);
    }

    private static async Task LookForKeys(WebApplication app, CancellationToken cancellation)
    {
        var signedWith = await app.Services.GetRequiredService<CheckpointBook>().Keys(cancellation);
        if (app.Services.GetRequiredService<CheckpointKeys>().Missing(signedWith) is { } missing)
            LogKeyMissing(app.Logger, missing);
    }

    [LoggerMessage(LogLevel.Error, "{Missing}")]
    private static partial void LogKeyMissing(ILogger logger, string missing);

    [LoggerMessage(LogLevel.Warning, "The schema {Schema} of a rebuild or check that did not end is still read by "
        + "somebody, and stays until the next one")]
    private static partial void LogLeft(ILogger logger, string schema);

    /// <summary>Where a program on this machine reaches the server once it has started.</summary>
    public static string AddressOf(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return ServerSettings.ReachedAt(addresses.First()).GetLeftPart(UriPartial.Authority);
    }
}
