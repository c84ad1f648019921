using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary><c>jifu reconcile report</c> and <c>charts</c>: what the running server tells of its reconciliations, as
/// files for people.</summary>
internal static class ReportCommands
{
    public static Command Report()
    {
        var (day, server) = (OpsCommands.DayOption(), Connection.ServerOption());
        var file = FileOption("reconciliation.xlsx");
        var command = new Command(
            "report", "A day's reconciliation of all channels as one Excel workbook, by the server")
        {
            day, file, server,
        };
        command.SetAction((parsed, cancellation) => Download(
            parsed.GetValue(server), $"/v1/ops/days/{parsed.GetValue(day)}/reconciliation.xlsx",
            parsed.GetValue(file) ?? $"reconciliation-{parsed.GetValue(day)}.xlsx", cancellation));
        return command;
    }

    public static Command Charts()
    {
        var (server, file) = (Connection.ServerOption(), FileOption("charts.html"));
        var month = new Option<string>("--month")
        {
            Description = "The month, yyyy-MM", Required = true, HelpName = "MONTH",
        };
        var command = new Command("charts", "A month's differences as one page of charts (HTML), by the server")
        {
            month, file, server,
        };
        command.SetAction((parsed, cancellation) => Download(
            parsed.GetValue(server),
            $"/v1/ops/reconciliation/charts?month={Uri.EscapeDataString(parsed.GetRequiredValue(month))}",
            parsed.GetValue(file) ?? $"reconciliation-{parsed.GetValue(month)}.html", cancellation));
        return command;
    }

    private static Option<string?> FileOption(string example) => new("--out")
    {
        Description = $"The file to write, for instance {example}", HelpName = "FILE",
    };

    private static async Task<int> Download(Uri? server, string path, string file, CancellationToken cancellation)
    {
        var reply = await Connection.AsAuditor(server).Get(path, cancellation);
        if (!reply.Ok)
            return OpsCommands.Print(reply);
        await WholeFile.Write(file, reply.Content, cancellation);
        Console.WriteLine(file);
        return ExitCodes.Fine;
    }
}
