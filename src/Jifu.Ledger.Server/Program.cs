using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Npgsql;

try
{
    await using var app = await LedgerServer.Build(args);
    var watch = app.Services.GetRequiredService<LogWatch>();
    await LedgerServer.Run(app);
    return watch.ExitCode;
}
catch (Exception e) when (e is SchemaMismatchException or NpgsqlException or EventLogUnavailableException
    or InvalidOperationException or IOException or UnauthorizedAccessException)
{
    // What whoever started us can put right: one sentence is worth more than a stack.
    await Console.Error.WriteLineAsync($"Jifu Ledger cannot run: {e.Message}");
    return 1;
}
