using System.Globalization;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Bills;

/// <summary>Prints what a bill tells, for people or for programs.</summary>
internal static class BillPrint
{
    /// <summary>Each document with a table, and below whether the totals tie out; why not goes to the errors.</summary>
    public static void Text(BillTold told, TextWriter output, TextWriter errors)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        foreach (var document in told.Documents)
        {
            output.WriteLine($"{document.Name}: {document.Layout}, {document.Kind}");
            if (document.Corrections is var (rows, amount))
                output.WriteLine($"  {rows} corrections of {Terminal.Yuan(amount)} in all");
            if (document.Trades.Count > 0)
                console.Write(Table([.. document.Trades, TradeSum.Total(document.Trades)]));
            if (document.Flow.Count > 0)
                console.Write(Table([.. document.Flow, FlowSum.Total(document.Flow)]));
            if (document.BalanceMinor is { } balance)
                output.WriteLine($"The account holds {Terminal.Yuan(balance)} after the last row.\n");
        }

        if (told.Refused is not null)
            errors.WriteLine(told.Refused.Message);
        else if (told.Documents.All(document => document.HasTotals))
            output.WriteLine($"{told.File}: its totals tie out.");
        else
            output.WriteLine($"{told.File}: every row can be read; it has no totals of its own.");
        foreach (var document in told.Documents)
        {
            if (document.BalanceBreak is { } gap)
                errors.WriteLine($"{document.Name}: the balance does not continue 余额不连续: {gap.Words}");
        }
    }

    private static object Plainly(DocumentTold told) => new
    {
        told.Name, told.Channel, told.Kind, told.Layout, told.HasTotals, told.Trades, told.Flow, told.BalanceMinor,
        BalanceBreak = told.BalanceBreak is { } gap
            ? new
            {
                Line = gap.LineNo, AfterLine = gap.AfterLineNo, ExpectedMinor = gap.Expected.MinorUnits,
                FoundMinor = gap.Found.MinorUnits,
            }
            : null,
        Corrections = told.Corrections is { } corrections ? new { corrections.Rows, corrections.AmountMinor } : null,
    };

    private static Table Table(TradeSum[] sums)
    {
        var table = Headed("kind", "rows", "amount", "fee", "net");
        foreach (var sum in sums)
            table.AddRow(
                sum.Kind, Count(sum.Rows), Terminal.Yuan(sum.AmountMinor), Terminal.Yuan(sum.FeeMinor),
                Terminal.Yuan(sum.NetMinor));
        return table;
    }

    private static Table Table(FlowSum[] sums)
    {
        var table = Headed("for", "rows in", "in", "rows out", "out", "net");
        foreach (var sum in sums)
            table.AddRow(
                Markup.Escape(sum.Business), Count(sum.RowsIn), Terminal.Yuan(sum.InMinor), Count(sum.RowsOut),
                Terminal.Yuan(sum.OutMinor), Terminal.Yuan(sum.InMinor - sum.OutMinor));
        return table;
    }

    private static Table Headed(string first, params string[] headings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(first);
        foreach (var heading in headings)
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        return table;
    }

    private static string Count(int rows) => rows.ToString(CultureInfo.InvariantCulture);

    /// <summary>One object; a refused bill says so in <c>refused</c>.</summary>
    public static void Json(BillTold told, TextWriter output) => output.WriteLine(PlainJson.Of(
        new
        {
            told.File, Documents = told.Documents.Select(Plainly), IsWhole = told.Refused is null,
            Refused = told.Refused is { } refused ? PlainJson.Refused(refused) : null,
        }));
}
