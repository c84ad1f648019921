using System.Text.Json.Nodes;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Operations.Reports;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>Prints what came of comparing two files, for people or for programs.</summary>
internal static class OfflinePrint
{
    private const int ShownMax = 20;
    private const int JsonMax = 1_000;
    private const int LinesTold = 10;

    /// <summary>One object; at most 1,000 differences and 1,000 rows left out of each reason, more of them are in the
    /// folder.</summary>
    public static void Json(
        OfflineRequest request, FileReconciliationRequest compared, FileReconciliationResult result,
        ReconciliationReport report, TextWriter output) => output.WriteLine(PlainJson.Of(
            new
            {
                Bill = request.Bill.Name, Orders = request.Orders.Name, Channel = compared.Channel.Name(),
                Mapping = JsonNode.Parse(MappingFile.Write(compared.Mapping)),
                Day = compared.Day is { } day ? $"{day}" : null, Covers = result.Coverage.Text(), result.Theirs,
                result.Ours, result.OthersRows, LeftOut = report.LeftOut.Select(LeftOut), result.Matched,
                result.DifferenceCount, result.CountByClass,
                result.ExcessMinor, result.CutOffMinor, result.ToleratedMinor, result.UntoldFeeMinor, result.Method,
                result.Seconds,
                Folder = request.Folder,
                Differences = result.Differences.Zip(report.Differences).Take(JsonMax).Select(of => new
                {
                    of.First.Class, of.First.Key, of.First.Number, of.First.Field, of.First.Theirs, of.First.Ours,
                    of.First.ExcessMinor, of.First.BillLine, of.First.OrdersLine, of.First.Merchant,
                    of.First.Reference, of.First.At, of.Second.Action, of.Second.Reason,
                }),
            }));

    public static void Text(OfflineRequest request, FileReconciliationResult result, ReconciliationReport report)
    {
        Console.Out.Write(Summary(request, result, report));
        if (report.Differences.Count > 0)
            Terminal.Out.Write(Differences(report));
        if (report.DifferenceCount > ShownMax)
            Console.WriteLine($"... and {report.DifferenceCount - ShownMax:N0} more.");
        if (request.Folder is { } folder)
            Console.WriteLine(
                $"\n{Path.Combine(folder, "reconciliation.xlsx")}  report.html  differences.csv  summary.txt  "
                + "summary.json  mapping.json");
    }

    /// <summary>The result in a few lines.</summary>
    public static string Summary(OfflineRequest request, FileReconciliationResult result, ReconciliationReport report)
    {
        var channel = report.Channels[0];
        var day = report.Day is { } known ? $"  {known}" : "";
        var lines = new List<string>
        {
            $"{channel.Channel}  {request.Bill.Name} <-> {request.Orders.Name}{day}",
            "",
            Row("", "bill 渠道", "orders 我方", "difference 差"),
            Row("payments", $"{channel.Theirs.PaymentRows:N0}", $"{channel.Ours.PaymentRows:N0}",
                $"{channel.Theirs.PaymentRows - channel.Ours.PaymentRows:N0}"),
            Row("refunds", $"{channel.Theirs.RefundRows:N0}", $"{channel.Ours.RefundRows:N0}",
                $"{channel.Theirs.RefundRows - channel.Ours.RefundRows:N0}"),
            Amounts("paid", channel, side => side.PaidMinor),
            Amounts("refunded", channel, side => side.RefundedMinor),
            Amounts("fees", channel, side => side.FeeMinor),
            Amounts("net", channel, side => side.NetMinor),
            "",
            Tie(channel),
            $"Matched {result.Matched:N0}, differences {result.DifferenceCount:N0}"
                + (result.CountByClass.Count == 0 ? "." : ": " + string.Join(", ", result.CountByClass
                    .Select(each => $"{each.Value:N0} {Terms.Difference(each.Key)} {each.Key}")) + "."),
        };
        if (MethodWords.Of(result.Method) is { } method)
            lines.Add(method);
        if (result.Coverage is not BillCoverage.All)
            lines.Add($"The bill lists {result.Coverage.Text()} only; your orders of other kinds were not compared.");
        if (result.OthersRows > 0)
            lines.Add($"{result.OthersRows:N0} of your rows were not compared 未参加对账:");
        foreach (var reason in report.LeftOut)
            lines.Add($"  {reason.Rows:N0} {reason.English} {reason.Chinese}"
                + (reason.Listed.Count == 0 ? ""
                    : $": {(reason.Rows == 1 ? "line" : "lines")} {reason.Lines(LinesTold)}"));
        return string.Join('\n', lines) + "\n";
    }

    private static object LeftOut(ReportLeftOut reason) => new
    {
        Why = SnakeCase.Of($"{reason.Why}"), reason.Rows,
        Listed = reason.Listed.Take(JsonMax).Select(line => new
        {
            OrdersLine = line.LineNo, line.Number, line.AmountMinor, line.Status, line.At,
        }),
    };

    private static string Tie(ReportChannel of)
    {
        var parts = new List<string>
        {
            Terminal.Yuan(of.Ours.NetMinor), $"differences {Terminal.Yuan(of.ExcessMinor)}",
        };
        if (of.CarriedMinor != 0)
            parts.Add($"cut-off {Terminal.Yuan(of.CarriedMinor)}");
        if (of.ToleratedMinor != 0)
            parts.Add($"tolerated {Terminal.Yuan(of.ToleratedMinor)}");
        if (of.UntoldFeeMinor != 0)
            parts.Add($"fees that your orders do not tell {Terminal.Yuan(of.UntoldFeeMinor)}");
        return $"ours {string.Join(" + ", parts)} = {Terminal.Yuan(of.ExplainedMinor)}"
            + (of.Ties ? ": ties out with the bill 一致" : $": the bill says {Terminal.Yuan(of.Theirs.NetMinor)} 不一致");
    }

    private static Table Differences(ReconciliationReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in new[] { "class", "number", "field", "bill 渠道", "orders 我方" })
            table.AddColumn(heading);
        foreach (var heading in new[] { "excess", "bill line", "orders line" })
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        foreach (var row in report.Differences.Take(ShownMax))
            table.AddRow([.. new[]
            {
                $"{Terms.Difference(row.Class)} {row.Class}", row.Number, row.Field, row.Theirs, row.Ours,
                Terminal.Yuan(row.ExcessMinor), $"{row.BillLine}", $"{row.OrdersLine}",
            }.Select(cell => new Text(cell))]);
        return table;
    }

    private static string Amounts(string what, ReportChannel of, Func<ReportSide, long> amount) => Row(
        what, Terminal.Yuan(amount(of.Theirs)), Terminal.Yuan(amount(of.Ours)),
        Terminal.Yuan(amount(of.Theirs) - amount(of.Ours)));

    private static string Row(string what, string theirs, string ours, string difference) =>
        $"{what,-12}{Right(theirs, 20)}{Right(ours, 20)}{Right(difference, 20)}";

    // A Chinese character takes two places.
    private static string Right(string text, int places) =>
        new string(' ', Math.Max(1, places - text.Sum(c => c < 0x1100 ? 1 : 2))) + text;
}
