using Jifu.Ledger.Chaos.Load;

namespace Jifu.Ledger.Chaos.Stage;

/// <summary>A database, a server and its shops, for one fault.</summary>
internal sealed class House : IAsyncDisposable
{
    private House(Playground playground, Cluster cluster, LedgerServer server) =>
        (Playground, Cluster, Server) = (playground, cluster, server);

    public Playground Playground { get; }
    public Cluster Cluster { get; private set; }
    public LedgerServer Server { get; }
    public Street Street { get; private set; } = null!;
    public Books Books => new(this);

    /// <summary>All up and ready, shops registered.</summary>
    /// <param name="prepare">Changes the cluster before it is made.</param>
    public static async Task<House> Open(Func<Playground, Task<Cluster>>? prepare = null)
    {
        var playground = new Playground();
        try
        {
            var cluster = prepare is not null
                ? await prepare(playground)
                : new Cluster(playground, "postgres", await playground.DatabaseFolder("pg"));
            if (prepare is null)
                await cluster.Create();
            var server = new LedgerServer(playground, "server", playground.In("home"), LedgerServer.Ours);
            await server.Start(cluster.App, cluster.Owner);
            return new(playground, cluster, server) { Street = await Street.Open(server) };
        }
        catch
        {
            await playground.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on the house stands on another cluster; the server is to be started anew.</summary>
    public void MoveTo(Cluster cluster) => Cluster = cluster;

    public Task<TimeSpan> StartServer() => Server.Start(Cluster.App, Cluster.Owner);

    /// <summary>Starts another server on the same database, with a home of its own and the same master key.</summary>
    /// <param name="program">The dll to run.</param>
    public async Task<LedgerServer> StartSecondServer(string program)
    {
        var home = Playground.In("home-2");
        Directory.CreateDirectory(home);
        File.Copy(Path.Combine(Server.Home, "master.key"), Path.Combine(home, "master.key"), overwrite: true);
        var second = new LedgerServer(Playground, "server-2", home, program);
        await second.Start(Cluster.App, Cluster.Owner);
        return second;
    }

    /// <summary>Runs <c>jifu</c> against this house.</summary>
    public Task<(int Code, string Said)> Jifu(params string[] arguments) => Command.Try(
        [.. LedgerServer.Exec(LedgerServer.Beside("jifu.dll")), .. arguments],
        ("Jifu__Home", Server.Home), ("ConnectionStrings__Ledger", Cluster.App),
        ("ConnectionStrings__LedgerOwner", Cluster.Owner));

    public async ValueTask DisposeAsync()
    {
        Street.Dispose();
        await Playground.DisposeAsync();
    }
}
