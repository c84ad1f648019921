using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.Tests;
using Jifu.Ledger.Server.Tests.EventStoreFace;

namespace Jifu.Ledger.Server.Tests.EventStore;

/// <summary>The contract, kept by our adapter before our own face: over TLS, with a key, as another server would use
/// it.</summary>
[Collection("event store")]
public sealed class FaceContractTests : EventLogContract
{
    private readonly FaceUnderTest _face = new();
    private readonly List<EventStoreDbEventLog> _open = [];
    private string _connection = "";

    public override async Task DisposeAsync()
    {
        foreach (var log in _open)
            await log.DisposeAsync();
        await _face.DisposeAsync();
    }

    protected override async Task<IEventLog> Open()
    {
        await _face.InitializeAsync();

        // However busy the machine is with other tests.
        _connection = _face.Secure(await _face.Key("ledger_node")) + "&defaultDeadline=60000";
        return OpenSecondNode();
    }

    protected override IEventLog OpenSecondNode()
    {
        _open.Add(new(
            EventStoreDbSettings.Parse(_connection), TimeProvider.System, IdSource.TimeOrdered(TimeProvider.System)));
        return _open[^1];
    }
}
