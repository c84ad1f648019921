using System.CommandLine;
using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
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
                result.AddError(
                    $"There is no projection {given}. There are "
                    + $"{string.Join(", ", ReadModels.Projections.All.Select(known => known.Name))}, or all.");
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
            await using var database = await LedgerDatabase.Open(cancellation);
            var rebuild = new Rebuild(
                database.Log, LedgerEvents.Codec, database.Owner, TimeProvider.System,
                held => Terminal.Errors.WriteLine($"Waiting for {held}."));
            RebuildReport report;
            try
            {
                report = await WithProgress(
                    quiet || Console.IsErrorRedirected, verb,
                    progress => run(rebuild, chosen, progress, cancellation));
            }
            catch (Exception e) when (e is RebuildUnderWayException or FoldStoppedException)
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

        if (report.Tables.Count > 0)
            Console.WriteLine(FormattableString.Invariant($"compared at position {report.Position}"));
        if (report.Gap is not { } gap)
            return;
        Console.WriteLine(gap);
        Console.WriteLine(
            FormattableString.Invariant($"not compared, as they hold what follows position {gap.First - 1}: ")
            + string.Join(", ", report.NotCompared));
    }

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
