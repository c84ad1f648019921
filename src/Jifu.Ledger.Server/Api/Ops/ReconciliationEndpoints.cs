using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Composition;
using Microsoft.AspNetCore.Http.Metadata;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Reconciliation (对账), its differences, and what finance downloads.</summary>
internal static class ReconciliationEndpoints
{
    private const long BillBytesMax = 256L << 20;

    public static void MapReconciliation(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops").WithTags("Reconciliation 对账");
        ops.MapPost("/reconciliations", Run).Admits(Role.Operator)
            .WithSummary("Fetch a channel's bill and reconcile by it 对账").Produces<ReconciliationView>();
        ops.MapPost("/reconciliations/{channel}/{day}/bill", Import).Admits(Role.Operator)
            .WithMetadata(new LargeBody(BillBytesMax))
            .WithSummary("Reconcile by a bill file that you bring 导入对账单")
            .WithDescription("The body is the file's bytes; its name goes into file_name. A file that may not be used "
                + "is refused as a whole, with file, line and column.").Produces<ReconciliationView>();
        ops.MapGet("/days/{day}/differences", Differences).Admits(Role.Operator, Role.Auditor)
            .WithSummary("A day's differences with the channels 差异").Produces<DayDifferencesView>();
        ops.MapGet("/days/{day}/finance", Finance).Admits(Role.Operator, Role.Auditor)
            .WithSummary("The finance zip of a closed day 财务下载")
            .WithDescription("The same closed day gives the same bytes each time.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip");
    }

    private static async Task<IResult> Run(
        JsonBody<ReconciliationRequest> body, Caller caller, ReconciliationRun run, HttpContext context) =>
        Answer(await run.Run(
            body.Value.Channel, body.Value.Day, caller.Metadata(context), context.RequestAborted));

    private static async Task<IResult> Import(
        string channel, string day, string file_name, Caller caller, ReconciliationRun run, HttpContext context)
    {
        if (!ChannelNames.TryParse(channel, out var known))
            return new Problem("parameter_invalid", $"{channel} is no channel.");
        if (!BusinessDay.TryParse(day, out var date))
            return OpsEndpoints.NoDay(day);
        if (!BillFormats.CanRead(known))
            return Problem.Of(ChannelDirectory.NotConnected(known));
        if (file_name.Length is 0 or > 200 || file_name.Any(char.IsControl))
            return new Problem("parameter_invalid", "file_name has 1 to 200 characters.");
        try
        {
            return Answer(await run.Import(
                known, date, new(file_name, await RawBody.Of(context)), caller.Metadata(context),
                context.RequestAborted));
        }
        catch (BillRejectedException e)
        {
            return Problem.Of(e.Code, e.Message);
        }
    }

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

    private static IResult Answer(ReconciliationReport report) =>
        report.Refusal is { } refusal ? Problem.Of(refusal) : Results.Ok(ReconciliationView.Of(report));

    /// <summary>Lets an endpoint take a larger body than others.</summary>
    private sealed record LargeBody(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
