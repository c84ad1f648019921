using System.Globalization;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Reconciliations as files for people: a day's workbook, a month's charts.</summary>
internal static class ReportEndpoints
{
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static void MapReports(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops").WithTags("Reconciliation 对账");
        ops.MapGet("/days/{day}/reconciliation.xlsx", Day).Admits(Role.Operator, Role.Auditor)
            .WithSummary("A day's reconciliation as one Excel workbook 对账工作簿")
            .WithDescription("A summary that ties out, the differences, both sides by row, by channel and merchant.")
            .Produces(StatusCodes.Status200OK, contentType: Workbook);
        ops.MapGet("/reconciliation/charts", Month).Admits(Role.Operator, Role.Auditor)
            .WithSummary("A month's differences as a page of charts 对账月报")
            .WithDescription("HTML that needs nothing else; month is yyyy-MM.")
            .Produces(StatusCodes.Status200OK, contentType: "text/html");
    }

    private static async Task<IResult> Day(string day, LedgerReports reports, CancellationToken cancellation)
    {
        if (!BusinessDay.TryParse(day, out var known))
            return OpsEndpoints.NoDay(day);
        var report = await reports.OfDay(known, cancellation);
        if (report.Channels.Count == 0)
            return new Problem("nothing_recorded", $"No bill of {known} was compared to its end.");
        // To a file first: what fails half way must not look like a workbook, and a million rows no memory holds.
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"jifu-{Path.GetRandomFileName()}"), Ours());
        try
        {
            await ReconciliationWorkbook.Write(file, report, known.Next.Start, cancellation);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        file.Position = 0;
        return Results.File(file, Workbook, $"reconciliation-{known}.xlsx");
    }

    // Whose trade it was is nobody else's on this machine.
    private static FileStreamOptions Ours()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 64 * 1024,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static async Task<IResult> Month(
        string month, LedgerReports reports, HttpContext context, CancellationToken cancellation)
    {
        if (!DateOnly.TryParseExact(
            month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var known))
            return new Problem("parameter_invalid", $"{month} is no month, yyyy-MM.");
        context.Response.Headers.ContentSecurityPolicy = MonthPage.ContentSecurityPolicy;
        return Results.Content(
            MonthPage.Write(await reports.OfMonth(known, cancellation)), "text/html; charset=utf-8");
    }
}
