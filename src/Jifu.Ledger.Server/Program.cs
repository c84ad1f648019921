using System.Runtime.InteropServices;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Npgsql;

using var asked = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var app = await LedgerServer.Build(args, asked.Token);
    var watch = app.Services.GetRequiredService<LogWatch>();
    await LedgerServer.Run(app, asked.Token);
    return watch.ExitCode;
}
catch (OperationCanceledException) when (asked.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1)))
{
    // Asked to stop before it had started. The host hears the signal too, perhaps a moment before us.
    return 0;
}
catch (Exception e) when (e is SchemaMismatchException or NpgsqlException or EventLogUnavailableException
    or InvalidOperationException or IOException or UnauthorizedAccessException)
{
    // What whoever started us can put right: one sentence is worth more than a stack.
    await Console.Error.WriteLineAsync($"Jifu Ledger cannot run: {e.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    asked.Cancel();
}
