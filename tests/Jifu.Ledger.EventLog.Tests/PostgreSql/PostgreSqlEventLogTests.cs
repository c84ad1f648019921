using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>The contract, kept by PostgreSQL.</summary>
public sealed class PostgreSqlEventLogTests : EventLogContract
{
    private readonly List<PostgreSqlEventLog> _open = [];
    private TestDatabase _database = null!;

    protected override bool HasNoGaps => true;

    public override async Task DisposeAsync()
    {
        foreach (var log in _open)
            await log.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override async Task<IEventLog> Open()
    {
        _database = await TestDatabase.Create();
        return OpenSecondNode();
    }

    protected override IEventLog OpenSecondNode()
    {
        _open.Add(new(_database.AppConnection, TimeProvider.System));
        return _open[^1];
    }
}
