using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Audit;

/// <summary>Why a balance is what it is, over HTTP and by <c>jifu why</c>.</summary>
public sealed class BalanceStoryTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    [Fact]
    public async Task A_balance_is_told_by_rule_and_line_by_line_and_both_come_to_it()
    {
        const string account = "merchant_pending:m1";
        var balance = (await Get($"/v1/balances?account={account}")).Json[0].GetProperty("balance").GetInt64();
        var why = (await Get($"/v1/ops/accounts/{account}/why")).Json.GetProperty("currencies")[0];
        why.GetProperty("closing").GetInt64().ShouldBe(balance);
        why.GetProperty("rules").EnumerateArray().Sum(rule => rule.GetProperty("change").GetInt64()).ShouldBe(balance);

        var lines = Lines(await Get($"/v1/ops/accounts/{account}/lines"));
        lines[^1].GetProperty("end").GetProperty("lines").GetInt64().ShouldBe(lines.Count - 1);
        lines[^2].GetProperty("line").GetProperty("balance").GetInt64().ShouldBe(balance);

        // Split in two, the first half is the opening of the second.
        var middle = lines[lines.Count / 2].GetProperty("line").GetProperty("position").GetInt64();
        var later = (await Get($"/v1/ops/accounts/{account}/why?since={middle}")).Json.GetProperty("currencies")[0];
        var then = (await Get($"/v1/balances?account={account}&as_of={middle}")).Json[0].GetProperty("balance");
        later.GetProperty("opening").GetInt64().ShouldBe(then.GetInt64());
        later.GetProperty("closing").GetInt64().ShouldBe(balance);
    }

    [Fact]
    public async Task The_balance_of_a_business_day_is_told_by_the_lines_that_count_on_it_or_earlier()
    {
        const string account = "merchant_pending:m1";
        var day = Lines(await Get($"/v1/ops/accounts/{account}/lines"))[0].GetProperty("line")
            .GetProperty("business_day").GetString();
        var balance = (await Get($"/v1/balances?account={account}&as_of={day}")).Json[0].GetProperty("balance")
            .GetInt64();
        var why = (await Get($"/v1/ops/accounts/{account}/why?as_of={day}")).Json;
        why.GetProperty("day").GetString().ShouldBe(day);
        why.GetProperty("currencies")[0].GetProperty("closing").GetInt64().ShouldBe(balance);
        why.GetProperty("currencies")[0].GetProperty("balance").GetInt64().ShouldBe(balance);
        var head = why.GetProperty("as_of").GetInt64();
        Lines(await Get($"/v1/ops/accounts/{account}/lines?as_of={head}&day={day}"))[^2].GetProperty("line")
            .GetProperty("balance").GetInt64().ShouldBe(balance);
        (await Get($"/v1/ops/accounts/{account}/why?as_of=2000-01-01")).Json.TryGetProperty("begins", out _)
            .ShouldBeTrue();

        var (code, said, _) = await JifuCommand.Run(server.Running.Home, "why", account, "--as-of", day!);
        code.ShouldBe(0);
        said.ShouldContain($"as of position {head}, business days up to {day}");
    }

    private Task<Answer> Get(string target) => server.Running.Send(server.Auditor, "GET", target);

    private static IReadOnlyList<JsonElement> Lines(Answer answer) =>
        [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
}
