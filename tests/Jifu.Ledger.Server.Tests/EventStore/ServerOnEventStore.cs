using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Jifu.Ledger.Server.Composition;
using Microsoft.AspNetCore.Builder;

namespace Jifu.Ledger.Server.Tests.EventStore;

/// <summary>A whole server whose events are in a played EventStoreDB: positions count bytes there, and events of its
/// own stand between ours.</summary>
public sealed class ServerOnEventStore : RunningServer
{
    private PlayedNode? _store;
    private WebApplication? _app;

    internal PlayedNode Store => _store!;

    public override Task<long> Head() =>
        Task.FromResult(Store.Log.After(-1).LastOrDefault(written => !written.IsSystem)?.Position ?? -1);

    public override string[] Arguments(string home, int port = 0) =>
        [.. base.Arguments(home, port), $"--ConnectionStrings:EventStore={Store.ConnectionString}"];

    protected override async Task Start()
    {
        _store = await PlayedNode.Start();

        // A database that was just made has no users before it has led for a moment.
        for (var i = 0; i < 2; i++)
            _store.Once(EventStoreMethods.Read, call => call.End(Code.Unauthenticated, "Unauthenticated"));
        _app = await LedgerServer.Build(Arguments(Home, Port));
        await _app.StartAsync();
    }

    protected override async Task Stop()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_store is not null)
            await _store.DisposeAsync();
    }
}
