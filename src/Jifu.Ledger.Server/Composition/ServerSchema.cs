using Jifu.Ledger.Channels.Simulator;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Operations.Notices;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels;

namespace Jifu.Ledger.Server.Composition;

/// <summary>All tables that this process needs, in the order in which they are made.</summary>
internal static class ServerSchema
{
    public static readonly IReadOnlyList<SchemaModule> Modules =
    [
        SchemaModule.EventLog,
        new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema."),
        new("files", typeof(BillArchive).Assembly, "Jifu.Ledger.Operations.Reconciliation.Schema."),
        new("notices", typeof(NoticeFollower).Assembly, "Jifu.Ledger.Operations.Notices.Schema."),
        Sandbox.Schema,
        new("app", typeof(ServerSchema).Assembly, "Jifu.Ledger.Server.Schema."),
    ];
}
