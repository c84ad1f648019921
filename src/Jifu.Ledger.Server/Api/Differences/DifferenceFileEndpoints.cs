using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>What a filled-in workbook came to.</summary>
/// <param name="Proposed">Rows that are proposals now.</param>
/// <param name="AlreadyThere">Rows that were before.</param>
/// <param name="Blank">Rows without an action.</param>
internal sealed record UploadView(int Proposed, int AlreadyThere, int Blank);

/// <summary>Lets an endpoint take a larger body than others.</summary>
internal sealed record LargeBody(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

/// <summary>The differences to Excel and back.</summary>
internal static class DifferenceFileEndpoints
{
    public const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const long BytesMax = 32L << 20;

    private const int RowsMax = 20_000;
    private const int ErrorsTold = 50;

    public static async Task<IResult> Download(
        string? status, string? channel, string? @class, string? day, int? older_than_days, DifferenceQueries queries,
        Projector views, TimeProvider time, CancellationToken cancellation)
    {
        var today = BusinessDay.Of(time.GetUtcNow());
        var (filter, wrong) = DifferenceEndpoints.Filter(status, channel, @class, day, older_than_days, null, today);
        if (filter is null)
            return wrong!;
        await views.WaitForHead(cancellation);
        var rows = await queries.List(filter with { CountMax = RowsMax }, cancellation);
        var file = new MemoryStream();
        DifferenceWorkbook.Write(file, rows, today);
        return Results.File(file.ToArray(), Type, $"jifu_differences_{today}.xlsx");
    }

    public static async Task<IResult> Upload(
        string file_name, Caller caller, DifferenceUpload upload, HttpContext context)
    {
        if (file_name.Length is 0 or > 200 || file_name.Any(char.IsControl))
            return new Problem("parameter_invalid", "file_name has 1 to 200 characters.");
        try
        {
            var body = await RawBody.Of(context);
            using var workbook = new MemoryStream(body.ToArray(), writable: false);
            var outcome = await upload.Propose(
                workbook, file_name, caller.Metadata(context), context.RequestAborted);
            return outcome.Errors is []
                ? Results.Ok(new UploadView(outcome.Proposed, outcome.AlreadyThere, outcome.Blank))
                : Rejected(file_name, outcome);
        }
        catch (WorkbookRejectedException wrong)
        {
            return new Problem("differences_file_rejected", wrong.Message);
        }
    }

    private static Problem Rejected(string file, UploadOutcome outcome)
    {
        var errors = outcome.Errors.Take(ErrorsTold)
            .Select(error => new FieldError(error.Cell, error.Refusal.Code, error.Refusal.Detail)).ToList();
        return new(
            "differences_file_rejected",
            $"{file}: " + string.Join("; ", errors.Select(error => $"{error.Path}: {error.Code}: {error.Detail}")),
            errors);
    }
}
