using Jifu.Ledger.EventLog.PostgreSql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>All tables that this process needs, in the order in which they are made.</summary>
internal static class ServerSchema
{
    public static readonly IReadOnlyList<SchemaModule> Modules =
    [
        SchemaModule.EventLog,
        new("app", typeof(ServerSchema).Assembly, "Jifu.Ledger.Server.Schema."),
    ];
}
