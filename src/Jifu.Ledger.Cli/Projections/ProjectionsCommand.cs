using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.ReadModels;
using Npgsql;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Projections;

/// <summary><c>jifu projections</c>: how far the read models are, and making one again from the log.</summary>
internal static class ProjectionsCommand
{
    public static Command Create() => new("projections", "The read models (读模型): how far they are; make one again")
    {
        List(), RebuildOne(),
    };

    private static Command List()
    {
        var server = Connection.ServerOption();
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var command = new Command("list", "How far each read model has come, and which has stopped")
        {
            json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsOperator(parsed.GetValue(server)).Get("/v1/ops/projections", cancellation);
            if (!reply.Ok || parsed.GetValue(json))
                return OpsCommands.Print(reply);
            return ProjectionsTable.Write(Terminal.Out, reply.Body!.AsArray()) ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command RebuildOne()
    {
        var name = new Argument<string>("name")
        {
            Description = $"One of {string.Join(", ", ReadModels.Projections.All.Select(known => known.Name))}, or all",
        };
        name.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } given && given != "all"
                && ReadModels.Projections.All.All(known => known.Name != given))
                result.AddError($"There is no projection {given}.");
        });
        var command = new Command(
            "rebuild", "Make a read model again from the log and say whether its rows are the same, byte for byte")
        {
            name,
        };
        command.SetAction((parsed, cancellation) => Rebuild(parsed.GetValue(name)!, cancellation));
        return command;
    }

    private static async Task<int> Rebuild(string name, CancellationToken cancellation)
    {
        await using var log = new PostgreSqlEventLog(Setting("ConnectionStrings__Ledger"), TimeProvider.System);
        await using var owner = NpgsqlDataSource.Create(Setting("ConnectionStrings__LedgerOwner"));
        var rebuild = new Rebuild(log, LedgerEvents.Codec, owner);
        var identical = true;
        foreach (var projection in ReadModels.Projections.All.Where(known => name == "all" || known.Name == name))
        {
            var report = await WithProgress(
                projection.Name, progress => rebuild.Run(projection, progress, cancellation));
            identical &= report.Identical;
            foreach (var table in report.Tables)
            {
                var verdict = table.Before == table.After ? "the same" : "DIFFERENT, mended";
                Console.WriteLine(FormattableString.Invariant(
                    $"{table.Name,-22} {table.Rows,10} rows  {table.After[..16]}  {verdict}"));
            }
        }

        return identical ? ExitCodes.Fine : ExitCodes.Wrong;
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new CommandFailedException(
            ExitCodes.Unreachable, $"{name} is not set: start ./scripts/run, or set it to your database.");

    private static Task<RebuildReport> WithProgress(
        string name, Func<IProgress<(long Reached, long Target)>, Task<RebuildReport>> run) =>
        Terminal.Errors.Progress().AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(name);
                return run(new Progress<(long Reached, long Target)>(at =>
                    (task.MaxValue, task.Value) = (at.Target + 1, at.Reached + 1)));
            });
}
