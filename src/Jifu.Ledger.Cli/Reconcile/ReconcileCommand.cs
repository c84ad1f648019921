using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Differences;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary><c>jifu reconcile</c>: a bill with somebody's order export, without any server; or a channel's day with
/// the ledger's books, by the running server.</summary>
internal static class ReconcileCommand
{
    private const string Explanation = """
        Reconcile a channel's bill (对账)

        With your own orders, no server and no database:
          jifu reconcile --channel wechatpay --bill bill.csv --orders orders.csv --out report
        The bill is the file that the channel gave you (WeChat Pay, Alipay or UnionPay; zip or not). The orders are an
        export from any system, CSV or Excel. Which of its columns is what is guessed and shown first; nothing is sent
        anywhere. The folder gets reconciliation.xlsx, report.html, differences.csv and a summary.

        With the ledger's books, by the running server:
          jifu reconcile --channel wechatpay --day 2026-11-20 [--bill bill.csv [--reason TEXT]]
          jifu reconcile --channel wechatpay --day 2026-11-20 --no-bill --reason TEXT

        Exit code: 0 no differences, 1 differences, or the server refuses, 2 a file or an option cannot be used, 3 no
        server, 130 interrupted.
        """;

    public static Command Create()
    {
        var options = new OfflineOptions();
        var (channel, day, server) =
            (OpsCommands.ChannelOption(), OpsCommands.DayOption(required: false), Connection.ServerOption());
        channel.Description = "sandbox, wechatpay, alipay or unionpay; with --orders, when left out, the bill's "
            + "content tells; without them it is sandbox";
        day.Description = "The bill's day, yyyy-MM-dd; with --orders it is taken from the bill when left out";
        var (brought, key) = (new BroughtOptions(), Connection.KeyOption());
        var command = new Command("reconcile", Explanation)
        {
            channel, brought.Bill, day, brought.NoBill, brought.Reason, key, server,
        };
        options.AddTo(command);
        command.Add(ReportCommands.Report());
        command.Add(ReportCommands.Charts());
        command.Add(RulesCommand.Create());
        command.Validators.Add(result =>
        {
            // What was given and is wrong tells so itself; its value must not be asked for.
            if (result.GetResult(options.Orders) is null && result.GetResult(day) is null)
                result.AddError("Name your orders by --orders FILE, or the day to reconcile by the server by --day.");
            else if (result.GetResult(options.Orders) is not null && result.GetResult(brought.Bill) is null)
                result.AddError("With --orders the bill is needed, too: --bill FILE.");
            else if (result.GetResult(brought.NoBill) is { Implicit: false }
                && (result.GetResult(brought.Bill) is not null || result.GetResult(brought.Reason) is null))
                result.AddError("--no-bill needs --reason TEXT, how that is known, and goes with no bill or orders.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(options.Orders) is not { } orders)
                return Print(await Ask(
                    Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)),
                    parsed.GetValue(channel)!, parsed.GetValue(day)!.Value, brought.Of(parsed), cancellation));
            var known = parsed.GetResult(channel) is { Implicit: false }
                && ChannelNames.TryParse(parsed.GetValue(channel)!, out var told) ? told : (Channel?)null;
            return await OfflineRun.Run(
                options.Ask(parsed, known, parsed.GetValue(brought.Bill)!, orders, parsed.GetValue(day)), cancellation);
        });
        return command;
    }

    private static async Task<ApiReply> Ask(
        ApiClient client, string channel, BusinessDay day, (FileInfo? Bill, bool IsNothing, string? Reason) brought,
        CancellationToken cancellation)
    {
        var path = $"/v1/ops/reconciliations/{channel}/{day}";
        var reason = Uri.EscapeDataString(brought.Reason ?? "");
        if (brought.IsNothing)
            return await client.Post($"{path}/no-bill?reason={reason}", null, null, cancellation);
        return brought.Bill is { } file
            ? await client.PostFile(
                $"{path}/bill?file_name={Uri.EscapeDataString(file.Name)}"
                    + (brought.Reason is null ? "" : $"&reason={reason}"),
                await File.ReadAllBytesAsync(file.FullName, cancellation), cancellation)
            : await client.Post(
                "/v1/ops/reconciliations", new { channel, day = $"{day}", reason = brought.Reason }, null,
                cancellation);
    }

    private static int Print(ApiReply reply)
    {
        var printed = OpsCommands.Print(reply);
        return reply.Ok && reply.Body!.Number("differences") > 0 ? ExitCodes.Wrong : printed;
    }

    /// <summary>What somebody brings of a day: its bill, or that there is none.</summary>
    private sealed class BroughtOptions
    {
        public Option<FileInfo> Bill { get; } = new("--bill")
        {
            Description = "The channel's bill file; without it the server asks the channel", HelpName = "FILE",
        };

        public Option<bool> NoBill { get; } = new("--no-bill")
        {
            Description = "To the server: the channel has no bill of that day (当日无账单)",
        };

        public Option<string?> Reason { get; } = new("--reason")
        {
            Description = "To the server: why this bill, a file or the channel's own, takes the place of the one "
                + "imported before, or how it is known that there is none",
            HelpName = "TEXT",
        };

        public BroughtOptions() => Bill.AcceptFiles();

        public (FileInfo?, bool, string?) Of(ParseResult parsed) =>
            (parsed.GetValue(Bill), parsed.GetValue(NoBill), parsed.GetValue(Reason));
    }
}
