using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Bills;

/// <summary>Prints what a bill tells, for people or for programs.</summary>
internal static class BillPrint
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A table, and below it whether the bill's totals tie out; why not goes to the errors.</summary>
    public static void Text(BillTold told, TextWriter output, TextWriter errors)
    {
        if (told.Total is { } total)
            AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) }).Write(Table([.. told.Kinds, total]));
        if (told.Refused is null)
            output.WriteLine($"{told.File}: its totals tie out.");
        else
            errors.WriteLine(told.Refused.Message);
    }

    private static Table Table(BillKindSum[] sums)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("kind");
        foreach (var heading in new[] { "rows", "amount", "fee", "net" })
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        foreach (var sum in sums)
            table.AddRow(
                sum.Kind, $"{sum.Rows}", Terminal.Yuan(sum.AmountMinor), Terminal.Yuan(sum.FeeMinor),
                Terminal.Yuan(sum.NetMinor));
        return table;
    }

    /// <summary>One object; a refused bill says so in <c>refused</c>.</summary>
    public static void Json(BillTold told, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            told.File, told.Channel, told.Kinds, told.Total, TiesOut = told.Refused is null,
            Refused = told.Refused is { } refused
                ? new { Code = SnakeCase.Of($"{refused.Code}"), refused.Line, refused.Column, refused.Expected }
                : null,
        },
        Plain));
}
