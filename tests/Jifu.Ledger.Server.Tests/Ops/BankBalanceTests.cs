using System.Text;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>Both balances of a day over HTTP, and what people say of lines, with what is worth a second look.</summary>
public class BankBalanceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_day_is_reconciled_item_by_item_and_what_is_unusual_is_warned_of()
    {
        var day = await server.Today();
        await Import(day, "-35.00,965.00,FEE", "35.00,1000.00,BACK", "-1000000.00,-999000.00,LARGE");
        var lines = (await Ask($"lines?from={day}&to={day}")).Json.EnumerateArray().ToDictionary(
            line => line.GetProperty("reference").GetString()!, line => line.GetProperty("line").GetString()!);

        var balance = await Ask($"balance?day={day}");
        balance.Refusal.ShouldBe("200");
        (balance.Number("book_minor"), balance.Number("statement_minor"), balance.Number("rest_minor"))
            .ShouldBe((0, -999_000_00, 0));
        balance.Json.GetProperty("items").EnumerateArray()
            .Select(item => $"{item.GetProperty("name")} {item.GetProperty("amount_minor")}").ShouldBe([
                "对账单起点前余额 100000", "银行已付企业未付 -3500", "银行已收企业未收 3500", "银行已付企业未付 -100000000"]);
        (await Ask($"balance?day={day.Previous}")).Json.TryGetProperty("rest_minor", out _).ShouldBeFalse();
        (await Ask($"balance?day={day.Next}")).Refusal.ShouldBe("400 parameter_invalid");
        (await Ask("balance?day=2026-02-30")).Refusal.ShouldBe("400 parameter_invalid");
        (await Ask($"balance.csv?day={day}")).Body.ShouldContain($"未解释差额,,{day},0.00");

        (await Explain(lines["BACK"], "bank_fee")).Refusal.ShouldBe("422 statement_explanation_contradicts");
        var both = await Explain(lines["FEE"], "bank_fee", $"&with={lines["BACK"]}");
        (both.Number("amount_minor"), both.Json.TryGetProperty("warning", out _)).ShouldBe((0, false));
        var large = await Explain(lines["LARGE"], "bank_fee");
        large.Json.GetProperty("warning").GetProperty("code").GetString().ShouldBe("fee_is_large");
        foreach (var waiting in new[]
        {
            (await Ask("explanations")).Json,
            (await Ask($"open?from={day}&to={day}")).Json.GetProperty("explained"),
        })
        {
            waiting.EnumerateArray().Count(one => one.TryGetProperty("warning", out _)).ShouldBe(1);
        }
    }

    private async Task Import(BusinessDay day, params string[] lines)
    {
        (await server.AsOperator(
            "PUT", "/v1/ops/bank/icbc/mapping",
            """
            {"date":"日期","date_format":"yyyy-MM-dd","encoding":"utf-8","separator":",","skip_lines":0,"amount":"金额",
             "balance":"余额","reference":"流水号"}
            """)).Refusal.ShouldBe("200");
        (await server.SendBytes(
            server.Operator, "POST", "/v1/ops/bank/icbc/statements?file_name=s.csv",
            Encoding.UTF8.GetBytes(
                "日期,金额,余额,流水号\n" + string.Join('\n', lines.Select(line => $"{day},{line}"))))).Refusal
            .ShouldBe("200");
        await server.CaughtUp();
    }

    private Task<Answer> Ask(string path) => server.AsOperator("GET", $"/v1/ops/bank/{path}");

    private Task<Answer> Explain(string line, string account, string with = "") => server.AsOperator(
        "POST", $"/v1/ops/bank/icbc/lines/{line}/explain?as={account}&reason=told{with}");
}
