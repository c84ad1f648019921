using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Operations.Finance;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu balances</c>: what accounts hold, now or as of any point.</summary>
internal static class BalancesCommand
{
    public static Command Create()
    {
        var account = new Option<string?>("--account")
        {
            Description = "One account: bank, merchant_pending:m1", HelpName = "ACCOUNT",
        };
        var asOf = PointArgument.Option(
            "--as-of", "A position, a time, or a business day: what counts on it or earlier");
        var json = new Option<bool>("--json") { Description = "Answer in JSON; amounts in minor units" };
        var server = Connection.ServerOption();
        var command = new Command("balances", "What accounts hold (余额), now or as of any point")
        {
            account, asOf, json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var body = Answer.Required(await Connection.AsAuditor(parsed.GetValue(server)).Get(
                "/v1/balances" + Answer.Query(
                    ("account", parsed.GetValue(account)), ("as_of", parsed.GetValue(asOf) ?? "now")),
                cancellation));
            if (parsed.GetValue(json))
                Console.WriteLine(body.ToJsonString(Answer.Readable));
            else
                Write(
                    body.AsArray(), parsed.GetValue(account) is not null, parsed.GetValue(asOf),
                    Ink.For(Terminal.Out));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Write(JsonArray balances, bool isOne, string? asOf, Ink ink)
    {
        if (balances is [{ } first, ..])
            Console.WriteLine($"as of position {first["as_of"]}"
                + (BusinessDay.TryParse(asOf ?? "", out var day) ? $", business days up to {day}" : ""));
        var columns = new Columns(ink, "account", "科目", "balance>", "debits 借>", "credits 贷>");
        foreach (var one in balances)
        {
            var (account, currency) = (one!.Text("account"), one!.Text("currency"));
            columns.Add(
                account, Terms.Account(account), $"{currency} {Answer.Amount(one!.Number("balance"), currency)}",
                Answer.Amount(one!.Number("debits"), currency), Answer.Amount(one!.Number("credits"), currency));
        }

        columns.Write(Console.Out);
        if (isOne)
            return;
        foreach (var currency in balances.GroupBy(one => one!.Text("currency")))
        {
            var (debits, credits) = (
                currency.Sum(one => one!.Number("debits")), currency.Sum(one => one!.Number("credits")));
            Console.WriteLine(Verdict(ink, currency.Key, debits, credits));
        }
    }

    /// <summary>Whether both sides are the same, as they must be.</summary>
    public static string Verdict(Ink ink, string currency, long debits, long credits) =>
        $"{currency}: debits 借 {Answer.Amount(debits, currency)} "
        + (debits == credits ? ink.Green("=") : ink.Red("≠")) + $" credits 贷 {Answer.Amount(credits, currency)}";
}
