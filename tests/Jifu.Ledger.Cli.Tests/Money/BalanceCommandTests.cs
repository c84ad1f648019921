using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jifu.Ledger.Cli.Money;

namespace Jifu.Ledger.Cli.Tests.Money;

public partial class BalanceCommandTests
{
    [Fact]
    public void Both_sides_go_from_their_balance_to_the_same_one()
    {
        var balance = Balance(statement: 99_500, rest: 0);
        BalanceCommand.IsLevel(balance).ShouldBeTrue();
        Told(balance).ShouldBe(
            """
            account day amount what line reference counterparty
            our books: bank 账面余额 2026-11-20 1,200.00
            银行已付企业未付 icbc 2026-11-20 -5.00 s1 FEE-1 工商银行
            adjusted 调节后余额 2026-11-20 1,195.00
            statement 对账单余额 icbc 2026-11-20 995.00
            企业已收银行未收 2026-11-19 +200.00 funds:alipay:2026-11-19
            adjusted 调节后余额 2026-11-20 1,195.00
            icbc: its last line is of 2026-11-19; what came after it is in no statement.
            Both come to the same (平衡).
            """);
    }

    [Fact]
    public void What_nothing_explains_and_what_is_not_told_is_said()
    {
        var apart = Balance(statement: 99_600, rest: 100);
        BalanceCommand.IsLevel(apart).ShouldBeFalse();
        Told(apart).ShouldContain("+1.00 is explained by nothing");
        var untold = Balance(null, null);
        BalanceCommand.IsLevel(untold).ShouldBeFalse();
        Told(untold).ShouldContain("statement 对账单余额 icbc 2026-11-20 not told");
        Told(untold).ShouldContain("It cannot be said whether both come to the same.");
    }

    private static JsonObject Balance(long? statement, long? rest) => new JsonObject
    {
        ["day"] = "2026-11-20", ["book_minor"] = 120_000L, ["adjusted_book_minor"] = 119_500L,
        ["adjusted_statement_minor"] = statement + 20_000, ["rest_minor"] = rest,
        ["accounts"] = new JsonArray(new JsonObject
        {
            ["account"] = "icbc", ["balance_minor"] = statement, ["covered_to"] = "2026-11-19",
        }),
        ["items"] = new JsonArray(
            Item("bank_paid", "银行已付企业未付", -500, "icbc", "2026-11-20", "", "s1", "FEE-1", "工商银行"),
            Item(
                "we_received", "企业已收银行未收", 20_000, "", "2026-11-19", "funds:alipay:2026-11-19", null, "",
                "")),
    };

    private static JsonObject Item(
        string kind, string name, long minor, string account, string day, string movements, string? line,
        string reference, string counterparty) => new()
        {
            ["kind"] = kind, ["name"] = name, ["amount_minor"] = minor, ["account"] = account, ["day"] = day,
            ["movements"] = movements, ["line"] = line, ["reference"] = reference, ["counterparty"] = counterparty,
        };

    private static string Told(JsonNode balance)
    {
        using var output = new StringWriter { NewLine = "\n" };
        BalanceCommand.Write(balance, output, new(false));
        return string.Join(
            '\n', output.ToString().Trim().Split('\n').Select(line => Blanks().Replace(line, " ").Trim()));
    }

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();
}
