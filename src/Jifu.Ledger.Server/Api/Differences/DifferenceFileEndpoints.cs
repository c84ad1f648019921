using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>What a filled-in file came to.</summary>
/// <param name="Proposed">Rows that are proposals now.</param>
/// <param name="AlreadyThere">Rows that were before.</param>
/// <param name="Blank">Rows without an action.</param>
internal sealed record UploadView(int Proposed, int AlreadyThere, int Blank);

/// <summary>What the approval of a filled-in file came to.</summary>
/// <param name="Approved">Rows whose proposals are approved now.</param>
/// <param name="AlreadyThere">Rows whose proposals were before.</param>
/// <param name="Blank">Rows without an action.</param>
/// <param name="Failures">What could not be approved, and why.</param>
internal sealed record FileApprovalView(
    int Approved, int AlreadyThere, int Blank, IReadOnlyList<FailedApprovalView> Failures);

/// <summary>A row that could not be approved.</summary>
/// <param name="Cell"><c>sheet 差异, cell S5</c>, or <c>line 5, column S (处理)</c>.</param>
internal sealed record FailedApprovalView(string Difference, string Cell, string Code, string Detail);

/// <summary>The differences to Excel or CSV, and back.</summary>
internal static class DifferenceFileEndpoints
{
    public const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const long BytesMax = 32L << 20;

    private const int RowsMax = 20_000;
    private const int ErrorsTold = 50;

    public static Task<IResult> Download(
        string? status, string? channel, string? @class, string? day, int? older_than_days, DifferenceQueries queries,
        Projector views, TimeProvider time, CancellationToken cancellation) => Written(
            new(status, channel, @class, day, older_than_days), queries, views, time, DifferenceWorkbook.Write, "xlsx",
            Type, cancellation);

    public static async Task<IResult> DownloadCsv(
        string? profile, string? status, string? channel, string? @class, string? day, int? older_than_days,
        DifferenceQueries queries, Projector views, TimeProvider time, CancellationToken cancellation)
    {
        var names = Enum.GetNames<CsvProfile>().Select(name => SnakeCase.Of(name)).ToList();
        if (!names.Contains(profile ?? "excel"))
            return new Problem("parameter_invalid", $"profile is one of {string.Join(", ", names)}.");
        var chosen = Enum.Parse<CsvProfile>(profile ?? "excel", ignoreCase: true);
        return await Written(
            new(status, channel, @class, day, older_than_days), queries, views, time,
            (file, rows, today) => DifferenceCsv.Write(file, chosen, rows, today), "csv",
            $"text/csv; charset={(chosen is CsvProfile.Gb18030 ? "gb18030" : "utf-8")}", cancellation);
    }

    /// <summary>Which differences are asked for, as the query says.</summary>
    private sealed record Asked(string? Status, string? Channel, string? Class, string? Day, int? OlderThanDays);

    private static async Task<IResult> Written(
        Asked asked, DifferenceQueries queries, Projector views, TimeProvider time,
        Action<Stream, IReadOnlyList<DifferenceLifeRow>, BusinessDay> write, string suffix, string type,
        CancellationToken cancellation)
    {
        var today = BusinessDay.Of(time.GetUtcNow());
        var (filter, wrong) = DifferenceEndpoints.Filter(
            asked.Status, asked.Channel, asked.Class, asked.Day, asked.OlderThanDays, null, today);
        if (filter is null)
            return wrong!;
        await views.WaitForHead(cancellation);
        var rows = await queries.List(filter with { CountMax = RowsMax + 1 }, cancellation);
        if (rows.Count > RowsMax)
            return new Problem(
                "parameter_invalid",
                $"More than {RowsMax} differences; ask for fewer by status, channel, class, day or older_than_days.");
        var file = new MemoryStream();
        write(file, rows, today);
        return Results.File(file.ToArray(), type, $"jifu_differences_{today}.{suffix}");
    }

    public static Task<IResult> Upload(
        string file_name, Caller caller, DifferenceUpload upload, HttpContext context) => Understood(
        file_name, context, async content =>
        {
            var outcome = await upload.Propose(content, file_name, caller.Metadata(context), context.RequestAborted);
            return outcome.Errors is []
                ? Results.Ok(new UploadView(outcome.Proposed, outcome.AlreadyThere, outcome.Blank))
                : Rejected(file_name, outcome);
        });

    public static Task<IResult> Approve(
        string file_name, Caller caller, DifferenceApprovals approvals, HttpContext context) => Understood(
        file_name, context, async content =>
        {
            var outcome = await approvals.Approve(
                content, file_name, caller.Metadata(context), context.RequestAborted);
            return Results.Ok(new FileApprovalView(
                outcome.Approved, outcome.AlreadyThere, outcome.Blank,
                [.. outcome.Failures.Select(one => new FailedApprovalView(
                    $"{one.Difference}", one.Cell, one.Refusal.Code, one.Refusal.Detail))]));
        });

    private static async Task<IResult> Understood(
        string file_name, HttpContext context, Func<ReadOnlyMemory<byte>, Task<IResult>> done)
    {
        if (file_name.Length is 0 or > 200 || file_name.Any(char.IsControl))
            return new Problem("parameter_invalid", "file_name has 1 to 200 characters.");
        try
        {
            return await done(await RawBody.Of(context));
        }
        catch (Exception wrong) when (wrong is WorkbookRejectedException or CsvRejectedException)
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
