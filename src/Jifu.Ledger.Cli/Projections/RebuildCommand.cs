using System.CommandLine;
using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.ReadModels;
using Npgsql;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Projections;

/// <summary><c>jifu projections rebuild</c> and <c>check</c>: read models beside what the log makes of them.</summary>
internal static class RebuildCommand
{
    private delegate Task<RebuildReport> Run(
        Rebuild rebuild, IReadOnlyList<IProjection> projections, IProgress<(long Reached, long Target)> progress,
        CancellationToken cancellation);

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Rebuild() => Create(
        "rebuild", "Make a read model again from the log, say whether its rows are the same, and swap it in",
        "DIFFERENT, mended", (rebuild, projections, progress, cancellation) =>
            rebuild.Run(projections, progress, cancellation));

    public static Command Check() => Create(
        "check", "Compare a read model, row by row, with what the log makes of it; changes nothing",
        "DIFFERENT", (rebuild, projections, progress, cancellation) =>
            rebuild.Check(projections, progress, cancellation));

    /// <summary>Which projection, or all.</summary>
    public static Argument<string> NameArgument()
    {
        var name = new Argument<string>("name")
        {
            Description = $"One of {string.Join(", ", ReadModels.Projections.All.Select(known => known.Name))}, or all",
            DefaultValueFactory = _ => "all",
        };
        name.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } given && given != "all"
                && ReadModels.Projections.All.All(known => known.Name != given))
                result.AddError($"There is no projection {given}.");
        });
        return name;
    }

    private static Command Create(string verb, string about, string different, Run run)
    {
        var (name, json) = (NameArgument(), new Option<bool>("--json") { Description = "Answer in JSON; no progress" });
        var command = new Command(verb, about) { name, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var chosen = ReadModels.Projections.All
                .Where(known => parsed.GetValue(name) is { } given && (given == "all" || known.Name == given)).ToList();
            var quiet = parsed.GetValue(json);
            await using var log = OpenLog();
            await using var owner = NpgsqlDataSource.Create(Setting("ConnectionStrings__LedgerOwner"));
            var rebuild = new Rebuild((IEventLog)log, LedgerEvents.Codec, owner, TimeProvider.System);
            RebuildReport report;
            try
            {
                report = await WithProgress(
                    quiet || Console.IsErrorRedirected, verb,
                    progress => run(rebuild, chosen, progress, cancellation));
            }
            catch (RebuildUnderWayException e)
            {
                throw new CommandFailedException(ExitCodes.Wrong, e.Message);
            }

            if (quiet)
                Console.WriteLine(JsonSerializer.Serialize(report, Json));
            else
                Print(report, different);
            return report.Identical ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static void Print(RebuildReport report, string different)
    {
        foreach (var table in report.Tables)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{table.Name,-22} {table.Rows,10} rows  {table.After[..16]}  ")
                + (table.Identical ? "the same" : different));
            foreach (var row in table.Differing)
            {
                Console.WriteLine($"    {row.Key}");
                Console.WriteLine($"      live      {row.Live ?? "no such row"}");
                Console.WriteLine($"      from log  {row.FromLog ?? "no such row"}");
            }
        }

        Console.WriteLine(FormattableString.Invariant($"compared at position {report.Position}"));
    }

    private static IAsyncDisposable OpenLog()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__EventStore") is not { Length: > 0 } store)
            return new PostgreSqlEventLog(Setting("ConnectionStrings__Ledger"), TimeProvider.System);
        try
        {
            return new EventStoreDbEventLog(
                EventStoreDbSettings.Parse(store), TimeProvider.System, IdSource.TimeOrdered(TimeProvider.System));
        }
        catch (FormatException e)
        {
            throw new CommandFailedException(ExitCodes.Unreachable, $"ConnectionStrings__EventStore: {e.Message}");
        }
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new CommandFailedException(
            ExitCodes.Unreachable, $"{name} is not set: start ./scripts/run, or set it to your database.");

    private static Task<RebuildReport> WithProgress(
        bool quiet, string verb, Func<IProgress<(long Reached, long Target)>, Task<RebuildReport>> run) => quiet
        ? run(new Progress<(long Reached, long Target)>())
        : Terminal.Errors.Progress().AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(verb);
                return run(new Progress<(long Reached, long Target)>(at =>
                    (task.MaxValue, task.Value) = (at.Target + 1, at.Reached + 1)));
            });
}
