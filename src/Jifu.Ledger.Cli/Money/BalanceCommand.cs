using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money balance</c>: the bank reconciliation statement of a day.</summary>
internal static class BalanceCommand
{
    public static Command Create()
    {
        var (day, server) = (OpsCommands.DayOption(), Connection.ServerOption());
        var json = new Option<bool>("--json") { Description = "Answer in JSON; amounts in minor units" };
        var output = new Option<string?>("--out")
        {
            Description = "Write it as a CSV file for Excel into this folder, too", HelpName = "FOLDER",
        };
        var command = new Command(
            "balance",
            "Our books' bank balance and the statements', reconciled item by item (余额调节表); 1 unless both come to "
            + "the same")
        {
            day, output, json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(server));
            var query = Answer.Query(("day", $"{parsed.GetValue(day)}"));
            var body = Answer.Required(await client.Get($"/v1/ops/bank/balance{query}", cancellation));
            if (parsed.GetValue(json))
                Console.WriteLine(body.ToJsonString(Answer.Readable));
            else
                Write(body, Console.Out, Ink.For(Terminal.Out));
            if (parsed.GetValue(output) is { } folder
                && await Save(client, query, folder, cancellation) is var code && code != ExitCodes.Fine)
                return code;
            return IsLevel(body) ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static async Task<int> Save(
        ApiClient client, string query, string folder, CancellationToken cancellation)
    {
        var file = await client.Get($"/v1/ops/bank/balance.csv{query}", cancellation);
        if (!file.Ok)
            return OpsCommands.Print(file);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetFileName(file.FileName!));
        await WholeFile.Write(path, file.Content, cancellation);
        await Console.Error.WriteLineAsync(path);
        return ExitCodes.Fine;
    }

    internal static bool IsLevel(JsonNode balance) => balance["rest_minor"]?.GetValue<long>() == 0;

    internal static void Write(JsonNode balance, TextWriter output, Ink ink)
    {
        var columns = new Columns(ink, "", "account", "day", "amount>", "what", "line", "reference", "counterparty");
        var day = balance.Text("day");
        Row("our books: bank 账面余额", "", balance["book_minor"]);
        Items(of: true);
        Row("adjusted 调节后余额", "", balance["adjusted_book_minor"]);
        foreach (var account in balance["accounts"]!.AsArray())
            Row("statement 对账单余额", account!.Text("account"), account!["balance_minor"]);
        Items(of: false);
        Row("adjusted 调节后余额", "", balance["adjusted_statement_minor"]);
        columns.Write(output);
        foreach (var line in Notes(balance, day))
            output.WriteLine(line);

        void Row(string what, string account, JsonNode? minor) => columns.Add(
            what, account, day, minor is null ? "not told" : Amount(minor), "", "", "", "");

        void Items(bool of)
        {
            foreach (var item in balance["items"]!.AsArray().Where(item => IsAtBank(item!) == of))
            {
                columns.Add(
                    $"  {item!.Text("name")}", item!.Text("account"), $"{item!["day"]}",
                    Answer.Change(item!.Number("amount_minor"), "CNY"), item!.Text("movements"), $"{item!["line"]}",
                    item!.Text("reference"), item!.Text("counterparty"));
            }
        }
    }

    private static IEnumerable<string> Notes(JsonNode balance, string day)
    {
        var accounts = balance["accounts"]!.AsArray();
        foreach (var account in accounts)
        {
            if (account!["balance_minor"] is null)
                yield return $"{account.Text("account")}: its statements tell no balance by which it could be held "
                    + "against the books; name the column in the mapping (\"balance\").";
            if (account["covered_to"] is { } covered && string.CompareOrdinal(covered.GetValue<string>(), day) < 0)
                yield return $"{account.Text("account")}: its last line is of {covered}; what came after it is in no "
                    + "statement.";
        }

        yield return accounts.Count == 0
            ? $"There is no statement of any account with a line up to {day}: see jifu money preview."
            : balance["rest_minor"] is not { } rest
                ? "It cannot be said whether both come to the same."
                : rest.GetValue<long>() == 0
                    ? "Both come to the same (平衡)."
                    : $"{Answer.Change(rest.GetValue<long>(), "CNY")} is explained by nothing: statements lack lines "
                        + "between their first and their last, or have some of another account.";
    }

    private static bool IsAtBank(JsonNode item) => item.Text("kind") is not ("we_received" or "we_paid");

    private static string Amount(JsonNode minor) => Answer.Amount(minor.GetValue<long>(), "CNY");
}
