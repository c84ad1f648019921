using System.Net.Sockets;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Evidence;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>The whole server, put together: database up to date, keys in place, endpoints mapped.</summary>
internal static partial class LedgerServer
{
    private const long BodyBytesMax = 1 << 20;

    /// <summary>Everything but listening. Brings the database up to this program first.</summary>
    /// <exception cref="InvalidOperationException">The configuration does not do.</exception>
    public static async Task<WebApplication> Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = ServerSettings.Read(builder.Configuration);
        Limit(builder);
        var home = HomeAt(settings.Home);
        await Reach(
            "ConnectionStrings__LedgerOwner", settings.LedgerOwner,
            () => Migrator.Migrate(settings.LedgerOwner, ServerSchema.Modules, CancellationToken.None));
        await using var owner = NpgsqlDataSource.Create(settings.LedgerOwner);

        // What is put together below makes a master key when there is none.
        await MasterKeyCheck.MustOpen(home, owner, CancellationToken.None);
        builder.Services.AddLedger(settings, home, Databases.Of(settings.Ledger));
        builder.Services.AddApi();
        var app = builder.Build();
        foreach (var schema in await Rebuild.Sweep(owner, CancellationToken.None))
            LogLeft(app.Logger, schema);

        await Reach("ConnectionStrings__Ledger", settings.Ledger, () => app.WaitForLog(CancellationToken.None));
        await LogAge.MustCoverViews(
            app.Services.GetRequiredService<IEventLog>(), app.Services.GetRequiredService<Databases>(),
            CancellationToken.None);
        await app.Services.GetRequiredService<OperatorKeys>().Ensure(CancellationToken.None);
        await LookForKeys(app);
        app.MapApi(settings);
        Announce(app);
        return app;
    }

    /// <summary>Listens until it is told to stop.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to listen on.</exception>
    public static async Task Run(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException(
                $"{ServerSettings.UrlsName}: nothing can listen on {app.Configuration["urls"]}: {e.Message}", e);
        }

        await app.WaitForShutdownAsync();
    }

    private static HomeFolder HomeAt(string folder)
    {
        try
        {
            return new(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Jifu__Home: {folder} does not do: {e.Message}", e);
        }
    }

    // The driver tells of a host that has no address without saying which.
    private static async Task Reach(string name, string connection, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is SocketException or NpgsqlException { InnerException: SocketException })
        {
            throw new InvalidOperationException(
                $"{name}: {new NpgsqlConnectionStringBuilder(connection).Host} cannot be reached: {e.Message}", e);
        }
    }

    private static void Limit(WebApplicationBuilder builder)
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
    }

    // The command line finds the server by what stands in its home folder.
    private static void Announce(WebApplication app)
    {
        var home = app.Services.GetRequiredService<HomeFolder>();
        app.Lifetime.ApplicationStarted.Register(() => home.WriteServer(AddressOf(app)));
        app.Lifetime.ApplicationStopped.Register(home.DeleteServer);
    }

    private static async Task LookForKeys(WebApplication app)
    {
        var signedWith = await app.Services.GetRequiredService<CheckpointBook>().Keys(CancellationToken.None);
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
