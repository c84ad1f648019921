using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Jifu.Ledger.EventLog.Tests;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests;

/// <summary>The contract, kept by our adapter before a played node.</summary>
public sealed class PlayedNodeContractTests : EventLogContract
{
    private readonly List<EventStoreDbEventLog> _open = [];
    private PlayedNode _node = null!;

    protected override int AppendBytesMax => _node.AppendBytesMax;

    public override async Task DisposeAsync()
    {
        foreach (var log in _open)
            await log.DisposeAsync();
        await _node.DisposeAsync();
    }

    protected override async Task<IEventLog> Open()
    {
        _node = await PlayedNode.Start();
        return OpenSecondNode();
    }

    protected override IEventLog OpenSecondNode()
    {
        _open.Add(new(
            EventStoreDbSettings.Parse(_node.ConnectionString + "&defaultDeadline=60000"), TimeProvider.System,
            IdSource.TimeOrdered(TimeProvider.System)));
        return _open[^1];
    }
}
