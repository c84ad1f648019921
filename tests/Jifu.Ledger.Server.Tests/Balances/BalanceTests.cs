using System.Globalization;

namespace Jifu.Ledger.Server.Tests.Balances;

/// <summary>On a server of its own: it looks at everybody's accounts.</summary>
public class BalanceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task The_books_show_each_step_and_always_sum_to_nothing()
    {
        var shop = await Shop.Open(server, "books", new(SplitPpm: 100_000));
        (await Books()).ShouldBeEmpty();

        var paid = await shop.Paid("1", 10_000);
        var afterPayment = await server.Head();
        const string Paid = "channel_cost:sandbox 38, channel_receivable:sandbox 9962, fee_income 60, "
            + "merchant_pending:books 8940, split_receiver:agent 1000";
        (await Books()).ShouldBe(Paid);

        (await shop.Refund(paid, "r1", 2_500, "sandbox:silent"))["status"].ShouldBe("unknown");
        const string Held = "channel_cost:sandbox 38, channel_receivable:sandbox 9962, fee_income 60, "
            + "merchant_frozen:books 2500, merchant_pending:books 6440, split_receiver:agent 1000";
        (await Books()).ShouldBe(Held);
        var day = await server.Today();
        var moment = (await server.AsOperator("GET", "/v1/sandbox/clock"))["now"];

        await server.MoveClock(day.Next.Start.AddHours(10));
        (await shop.Post($"/v1/payments/{paid}/refunds/r1/refresh"))["status"].ShouldBe("succeeded");
        (await Books()).ShouldBe("channel_cost:sandbox 28, channel_receivable:sandbox 7472, fee_income 45, "
            + "merchant_pending:books 6705, split_receiver:agent 750");

        // The books as they were.
        (await Books($"?as_of={afterPayment}")).ShouldBe(Paid);
        (await Books($"?as_of={day}")).ShouldBe(Held);
        (await Books($"?as_of={Uri.EscapeDataString(moment)}")).ShouldBe(Held);
        (await Books($"?as_of={day.Previous}")).ShouldBeEmpty();
        (await Books("?as_of=0")).ShouldBeEmpty();
        (await Books("?as_of=start")).ShouldBeEmpty();
        (await Books("?as_of=now")).ShouldBe(await Books());
        var early = await server.AsOperator("GET", "/v1/balances?account=merchant_pending:books&as_of=start");
        early.Refusal.ShouldBe("404 account_not_found");
        early["detail"].ShouldContain(
            "Nothing was posted to merchant_pending:books up to start: the first line is of position ");
        (await server.AsOperator("GET", "/v1/balances?account=merchant_pending:never"))["detail"]
            .ShouldContain("There is no account merchant_pending:never.");
        (await Books($"?as_of={day.Next}")).ShouldBe(await Books());

        // Each balance is the sum of its lines.
        var lines = (await server.AsOperator("GET", "/v1/balances/merchant_pending:books/lines")).Json.EnumerateArray();
        (-lines.Sum(line => line.GetProperty("amount").GetInt64())).ShouldBe(6_705);
    }

    [Fact]
    public async Task A_merchant_sees_its_own_accounts_only()
    {
        var (shop, other) = (await Shop.Open(server, "own"), await Shop.Open(server, "agent", new(SplitPpm: 1)));
        await shop.Paid("1", 1_000);
        await other.Paid("1", 2_000_000);
        (await shop.Balances()).ShouldBe("merchant_pending 994");
        (await shop.Get("/v1/balances/merchant_pending:own/lines")).Json.EnumerateArray()
            .Sum(line => line.GetProperty("amount").GetInt64()).ShouldBe(-994);
        foreach (var account in new[]
        {
            "merchant_pending:agent", "split_receiver:own", "bank", "fee_income", "channel_receivable:sandbox",
            "merchant_pending:", "merchant_pending", "purse:own", "%20",
        })
            (await shop.Get($"/v1/balances/{account}/lines")).Refusal.ShouldBe("404 account_not_found");

        // Of the receiver of splits that is called as it is, a merchant sees nothing.
        (await other.Balances()).ShouldBe("merchant_pending 1987998");
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-21T10:00:00")]
    [InlineData("99999999999999999999")]
    public async Task A_moment_that_is_none_is_refused(string moment) =>
        (await server.AsOperator("GET", $"/v1/balances?as_of={moment}")).Refusal.ShouldBe("400 parameter_invalid");

    private async Task<string> Books(string query = "")
    {
        await server.CaughtUp();
        var accounts = (await server.AsOperator("GET", $"/v1/balances{query}")).Json.EnumerateArray()
            .Select(one => (
                Name: one.GetProperty("account").GetString()!, Balance: one.GetProperty("balance").GetInt64(),
                Debits: one.GetProperty("debits").GetInt64(), Credits: one.GetProperty("credits").GetInt64()))
            .ToList();
        accounts.Sum(account => account.Debits).ShouldBe(accounts.Sum(account => account.Credits));
        return string.Join(", ", accounts.Where(account => account.Balance != 0)
            .Select(account => string.Create(CultureInfo.InvariantCulture, $"{account.Name} {account.Balance}"))
            .Order(StringComparer.Ordinal));
    }
}
