using System.Runtime.CompilerServices;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>Makes a report of two files that were compared.</summary>
public static class FileReport
{
    private const string Currency = "CNY";

    // Of each reason.
    private const int LeftOutListedMax = 20_000;

    /// <param name="withRows">Whether the report shows all rows of both files, too.</param>
    /// <param name="ordersName">What people call the order export.</param>
    /// <param name="listsLeftOut">Whether to say which rows were not compared, too: the orders are read again.</param>
    public static ReconciliationReport Of(
        FileReconciliationRequest request, FileReconciliationResult result, bool withRows, string ordersName,
        bool listsLeftOut = true)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(result);
        request = request with { Coverage = result.Coverage };
        var channel = request.Channel.Name();
        return new()
        {
            Title = $"{ReportTerms.Channel(channel)}对账{(request.Day is { } day ? $" {day}" : "")}",
            Day = request.Day,
            Notes =
            [
                $"渠道账单 bill: {Path.GetFileName(request.BillPath)} · 我方订单 orders: {ordersName}",
                $"所读列 columns: {MappingWords.Columns(request.Mapping)}",
                $"对账方法 method: {result.Method}",
                .. result.Coverage is BillCoverage.All ? Array.Empty<string>() :
                    [$"账单只列{Kinds(result.Coverage)}，我方其他种类的订单不参加对账。"],
            ],
            LeftOut = LeftOut(request, result.LeftOut, listsLeftOut),
            Channels = [Channel(request, result)],
            Differences = [.. result.Differences.Select(row => Difference(request, row))],
            DifferenceCount = result.DifferenceCount,
            Sums = [.. result.Sums.Select(sum => new ReportSum(
                channel, sum.Class, Currency, sum.Merchant, sum.Count, sum.ExcessMinor, sum.AbsoluteMinor))],
            AllDifferences = Path.GetFileName(request.DifferencesPath) ?? "",
            Theirs = withRows ? cancellation => Rows(BillRows(request), cancellation) : null,
            Ours = withRows ? cancellation => Rows(OrderRows(request), cancellation) : null,
            RowsLeftOut = withRows ? "" : "两边的明细行未列入本表（--rows 列入）。Raw rows are left out; --rows includes them.",
        };
    }

    private static ReportChannel Channel(FileReconciliationRequest request, FileReconciliationResult result) => new(
        request.Channel.Name(), Currency, Side(result.Theirs), Side(result.Ours), result.Matched, result.ExcessMinor,
        result.CutOffMinor, result.ToleratedMinor, result.UntoldFeeMinor);

    private static ReportSide Side(SideTotals side) => new(
        side.Rows, side.PaymentRows, side.RefundRows, side.PaidMinor, side.RefundedMinor, side.FeeMinor);

    // Advice as far as the files say; nobody counts the days.
    private static ReportDifference Difference(FileReconciliationRequest request, FileDifference row)
    {
        var excess = new Money(row.ExcessMinor, Ledger.Currency.CNY);
        var day = request.Day ?? (row.At is { } at ? BusinessDay.Of(at) : default);
        var advice = Suggestion.For(
            new(
                new(
                    request.Channel, day, row.Class, LineKey.Of(row.Kind, row.Number), row.Field, row.Theirs, row.Ours,
                    excess, Position: 0),
                excess),
            new(OrderStatus: null, row.At, AgeDays: 0));
        return new(
            request.Channel.Name(), row.Class, row.Number, row.Field, row.Theirs, row.Ours, Currency, row.ExcessMinor,
            row.Merchant, row.Reference, row.BillLine, row.OrdersLine, row.At,
            Action: RemedyForm.InWords(advice), Reason: advice.Reason);
    }

    private static IEnumerable<ReportLine> BillRows(FileReconciliationRequest request) =>
        BillSource.Lines(request).Select(row => new ReportLine(
            request.Channel.Name(), row.Kind, row.Number, row.ChannelReference, row.Amount.MinorUnits,
            row.Fee.MinorUnits, $"{row.Amount.Currency}", row.Status, row.At, row.Merchant, row.LineNo));

    private static IEnumerable<ReportLine> OrderRows(FileReconciliationRequest request) =>
        OrderFile.Lines(request).Select(row => Order(request, row, request.WhyLeftOut(row)));

    private static ReportLine Order(FileReconciliationRequest request, OrderLine row, LeftOutReason why) => new(
        request.Channel.Name(), row.Kind, row.Number, row.Reference, row.Amount.MinorUnits, row.Fee?.MinorUnits,
        $"{row.Amount.Currency}",
        why is LeftOutReason.None ? null
            : row.Status is { Length: > 0 } status ? status : new ReportLeftOut(why, 0, []).Chinese,
        row.At, row.Merchant, row.LineNo);

    private static List<ReportLeftOut> LeftOut(
        FileReconciliationRequest request, LeftOutRows rows, bool isListed)
    {
        var listed = rows.ByReason().ToDictionary(each => each.Why, _ => new List<ReportLine>());
        var missing = isListed ? rows.ByReason().Sum(each => Math.Min(each.Rows, LeftOutListedMax)) : 0;
        if (missing > 0)
        {
            foreach (var row in OrderFile.Lines(request))
            {
                if (listed.TryGetValue(request.WhyLeftOut(row), out var its) && its.Count < LeftOutListedMax)
                {
                    its.Add(Order(request, row, request.WhyLeftOut(row)));
                    missing--;
                }

                if (missing == 0)
                    break;
            }
        }

        return [.. rows.ByReason().Select(each => new ReportLeftOut(each.Why, each.Rows, listed[each.Why]))];
    }

    private static async IAsyncEnumerable<ReportLine> Rows(
        IEnumerable<ReportLine> rows, [EnumeratorCancellation]
        CancellationToken cancellation)
    {
        await Task.Yield();
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private static string Kinds(BillCoverage coverage) => string.Join(
        '、', Enum.GetValues<BillLineKind>().Where(kind => coverage.Covers(kind))
            .Select(ReconciliationWorkbook.KindName));
}
