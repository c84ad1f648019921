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

if (parsed.Action is ParseErrorAction && parsed.Errors.Any(one => NotUnderstood.Said(one.Message) != one.Message))
{
    foreach (var error in parsed.Errors)
        await Console.Error.WriteLineAsync(NotUnderstood.Said(error.Message));
    return ExitCodes.Usage;
}

// Whoever misspelt an option of a command wants to read what is wrong with it, not all its help again.
if (parsed.Action is ParseErrorAction wrong && parsed.CommandResult.Command.Action is not null)
    wrong.ShowHelp = false;
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
