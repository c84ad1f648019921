using System.CommandLine;
using System.CommandLine.Invocation;
using Jifu.Ledger.Cli;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Bills;
using Jifu.Ledger.Cli.Day;
using Jifu.Ledger.Cli.Differences;
using Jifu.Ledger.Cli.Money;
using Jifu.Ledger.Cli.Ops;
using Jifu.Ledger.Cli.Projections;
using Jifu.Ledger.Cli.Reconcile;
using Jifu.Ledger.EventLog;
using Npgsql;

var root = new RootCommand("The tools of the Jifu payment ledger (积付账本)");
root.Add(DayCommand.Create());
root.Add(CloseCommand.Create());
root.Add(ClearCommand.Create());
root.Add(ReconcileCommand.Create());
root.Add(MoneyCommand.Create());
root.Add(DifferencesCommand.Create());
root.Add(FinanceCommand.Create());
root.Add(BillCommand.Create());
root.Add(ProjectionsCommand.Create());
root.Add(EventsCommand.Create());
root.Add(BalancesCommand.Create());
root.Add(WhyCommand.Create());
root.Add(ViewsCommand.Create());
root.Add(DiffCommand.Create());
root.Add(AuditCommand.Create());
root.Add(KeysCommand.Create());

ParseResult parsed;
try
{
    parsed = root.Parse(args);
}
catch (InvalidOperationException notUnderstood)
{
    // A check asked for a value that is none, such as --limit abc; the message names both.
    await Console.Error.WriteLineAsync(NotUnderstood.Said(notUnderstood.Message));
    return ExitCodes.Usage;
}

// Who names no command wants to read which there are; whoever misspelt one, or an option, what is wrong with it.
if (parsed.Action is ParseErrorAction && parsed.UnmatchedTokens.Count + parsed.Errors.Count > 1
    || parsed is { Action: ParseErrorAction, CommandResult.Command.Action: not null })
    return await NotUnderstood.Tell(parsed);
try
{
    var exitCode = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count == 0 ? exitCode : ExitCodes.Usage;
}
catch (CommandFailedException failed)
{
    await Console.Error.WriteLineAsync(failed.Message);
    return failed.ExitCode;
}
catch (Exception unreachable) when (unreachable is NpgsqlException or EventLogUnavailableException)
{
    var does = unreachable is PostgresException { IsTransient: false } ? "refuses" : "does not answer";
    await Console.Error.WriteLineAsync($"The database {does}: {unreachable.Message}");
    return ExitCodes.Unreachable;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Interrupted.");
    return ExitCodes.Interrupted;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Usage;
}
