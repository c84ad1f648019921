using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Reconciliation (对账), its differences, and what finance downloads.</summary>
internal static class ReconciliationEndpoints
{
    private const long BillBytesMax = 256L << 20;

    public static void MapReconciliation(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops").WithTags("Reconciliation 对账");
        ops.MapPost("/reconciliations", Run).Admits(Role.Operator)
            .WithSummary("Fetch a channel's bill and reconcile by it 对账")
            .WithDescription("Where it was said that the channel has no bill, it is asked again: a bill that it has "
                + "now takes that one's place. Reason says why; a closed day needs one. Note tells what had no effect.")
            .Produces<ReconciliationView>();
        ops.MapPost("/reconciliations/{channel}/{day}/bill", Import).Admits(Role.Operator)
            .WithMetadata(new LargeBody(BillBytesMax))
            .WithSummary("Reconcile by a bill file that you bring 导入对账单")
            .WithDescription("The body is the file's bytes; its name goes into file_name. A file that may not be used "
                + "is refused as a whole, with file, line and column. A corrected bill takes the place of the one "
                + "imported before when reason says why.").Produces<ReconciliationView>();
        ops.MapPost("/reconciliations/{channel}/{day}/no-bill", ImportNothing).Admits(Role.Operator)
            .WithSummary("Say that a channel has no bill of a day 当日无账单")
            .WithDescription("Reason says how that is known. The day is compared as with an empty bill; a bill that "
                + "comes after all takes its place as a corrected one does.").Produces<ReconciliationView>();
        ops.MapGet("/days/{day}/imports", Imports).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Every file that was imported for a day, with its trail 导入记录")
            .Produces<IReadOnlyList<ImportRow>>();
        ops.MapGet("/files/{sha256}", KeptFile).Admits(Role.Operator, Role.Auditor)
            .WithSummary("A file as it was imported, byte by byte 原始文件")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
        ops.MapGet("/days/{day}/differences", Differences).Admits(Role.Operator, Role.Auditor)
            .WithSummary("A day's differences with the channels 差异").Produces<DayDifferencesView>();
        ops.MapGet("/days/{day}/finance", Finance).Admits(Role.Operator, Role.Auditor)
            .WithSummary("The finance zip of a closed day 财务下载")
            .WithDescription("The same closed day gives the same bytes each time.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip");
    }

    private static async Task<IResult> Run(
        JsonBody<ReconciliationRequest> body, Caller caller, ReconciliationRun run, HttpContext context) =>
        ObjectionTo(body.Value.Reason) ?? Answer(await run.Ask(
            body.Value.Channel, body.Value.Day, body.Value.Reason, caller.Metadata(context), context.RequestAborted));

    private static async Task<IResult> Import(
        string channel, string day, string file_name, string? reason, Caller caller, ReconciliationRun run,
        HttpContext context)
    {
        if (Objection(channel, day, reason, out var known, out var date) is { } objection)
            return objection;
        if (file_name.Length is 0 or > 200 || file_name.Any(char.IsControl))
            return new Problem("parameter_invalid", "file_name has 1 to 200 characters.");
        try
        {
            return Answer(await run.Import(
                known, date, new(file_name, await RawBody.Of(context)), reason, caller.Metadata(context),
                context.RequestAborted));
        }
        catch (BillRejectedException e)
        {
            return Problem.Of(e.Code, e.Message);
        }
    }

    private static async Task<IResult> ImportNothing(
        string channel, string day, string? reason, Caller caller, ReconciliationRun run, HttpContext context) =>
        Objection(channel, day, reason, out var known, out var date) ?? Answer(await run.ImportNothing(
            known, date, reason ?? "", caller.Metadata(context), context.RequestAborted));

    private static Problem? Objection(
        string channel, string day, string? reason, out Channel known, out BusinessDay date)
    {
        date = default;
        if (!ChannelNames.TryParse(channel, out known))
            return new Problem("parameter_invalid", $"{channel} is no channel.");
        if (!BusinessDay.TryParse(day, out date))
            return OpsEndpoints.NoDay(day);
        return ObjectionTo(reason);
    }

    private static Problem? ObjectionTo(string? reason) =>
        reason is { Length: > 200 } || reason?.Any(char.IsControl) == true
            ? new Problem("parameter_invalid", "reason has at most 200 characters.")
            : null;

    private static async Task<IResult> Imports(string day, ImportQueries queries, CancellationToken cancellation) =>
        BusinessDay.TryParse(day, out var known)
            ? Results.Ok(await queries.OfDay(known, cancellation))
            : OpsEndpoints.NoDay(day);

    private static async Task<IResult> KeptFile(string sha256, BillArchive archive, CancellationToken cancellation) =>
        await archive.Find(sha256, cancellation) is { } kept
            ? Results.File(
                kept.Content.ToArray(), "application/octet-stream", kept.FileName, lastModified: kept.ImportedAt,
                entityTag: new($"\"{kept.Sha256}\""))
            : new Problem("file_not_found", $"No file with the SHA-256 {sha256} was imported.");

    private static async Task<IResult> Differences(
        string day, ReconciliationQueries queries, CancellationToken cancellation) =>
        BusinessDay.TryParse(day, out var known)
            ? Results.Ok(new DayDifferencesView(
                [.. (await queries.Differences(known, cancellation)).Select(DifferenceView.Of)],
                [.. (await queries.Carries(known, cancellation)).Select(CarryView.Of)]))
            : OpsEndpoints.NoDay(day);

    private static async Task<IResult> Finance(
        string day, FinanceDownload download, HomeFolder home, CancellationToken cancellation)
    {
        if (!BusinessDay.TryParse(day, out var known))
            return OpsEndpoints.NoDay(day);
        try
        {
            var report = await download.Write(known, Path.Combine(home.Path, "finance"), cancellation);
            return report switch
            {
                FinanceReport.Written file => Results.File(
                    file.Path, "application/zip", Path.GetFileName(file.Path), enableRangeProcessing: true,
                    entityTag: new($"\"{file.Sha256}\"")),
                FinanceReport.DayNotClosed open => Problem.Of(open.Refusal),
                _ => throw new InvalidOperationException($"{report} is no answer."),
            };
        }
        catch (FinanceFileDiffersException e)
        {
            return new Problem("finance_file_differs", e.Message);
        }
    }

    private static IResult Answer(ReconciliationOutcome outcome) =>
        outcome.Refusal is { } refusal ? Problem.Of(refusal) : Results.Ok(ReconciliationView.Of(outcome));
}
