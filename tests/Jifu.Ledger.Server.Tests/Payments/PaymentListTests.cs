namespace Jifu.Ledger.Server.Tests.Payments;

[Collection("shops")]
public class PaymentListTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_list_is_read_page_by_page_newest_first()
    {
        var shop = await Shop.Open(server, "list-pages");
        for (var i = 1; i <= 5; i++)
            await shop.Paid($"{i}", 100 * i);
        await server.CaughtUp();
        (await Pages(shop, "limit=2")).ShouldBe("5 4 | 3 2 | 1");
        (await Pages(shop, "limit=5")).ShouldBe("5 4 3 2 1");

        // What is paid between two pages shifts nothing.
        var first = await shop.Get("/v1/payments?limit=2");
        await shop.Paid("6", 600);
        await server.CaughtUp();
        var second = await shop.Get($"/v1/payments?limit=2&cursor={first["next_cursor"]}");
        Numbers(second).ShouldBe("3 2");
    }

    [Fact]
    public async Task A_list_is_filtered_by_status_and_day()
    {
        var shop = await Shop.Open(server, "list-filter");
        await shop.Paid("1", 100);
        await shop.Pay(new("2", 200, PayerCode: "sandbox:refuse"));
        await shop.Paid("3", 300);
        await server.CaughtUp();
        var today = await server.Today();
        (await Pages(shop, "status=paid&limit=1")).ShouldBe("3 | 1");
        (await Pages(shop, "status=failed")).ShouldBe("2");
        (await Pages(shop, $"from={today}&to={today}")).ShouldBe("3 2 1");
        (await Pages(shop, $"to={today.Previous}")).ShouldBeEmpty();
        (await Pages(shop, $"from={today.Next}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cursor_serves_only_whom_it_was_given_to_and_for_what()
    {
        var (shop, other) = (await Shop.Open(server, "list-mine"), await Shop.Open(server, "list-theirs"));
        for (var i = 1; i <= 3; i++)
            await shop.Paid($"{i}", 100);
        await server.CaughtUp();
        var cursor = (await shop.Get("/v1/payments?limit=1"))["next_cursor"];
        (await shop.Get($"/v1/payments?limit=1&cursor={cursor}")).Status.ShouldBe(200);
        (await other.Get($"/v1/payments?limit=1&cursor={cursor}")).Refusal.ShouldBe("400 cursor_invalid");
        (await shop.Get($"/v1/payments?status=paid&cursor={cursor}")).Refusal.ShouldBe("400 cursor_invalid");
        (await shop.Get($"/v1/settlements?cursor={cursor}")).Refusal.ShouldBe("400 cursor_invalid");
        var forged = (cursor[0] == 'B' ? "C" : "B") + cursor[1..];
        foreach (var wrong in new[] { forged, cursor[..^4], "", "1", "%00", new string('A', 2000) })
            (await shop.Get($"/v1/payments?limit=1&cursor={wrong}")).Refusal.ShouldBe("400 cursor_invalid");
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=x")]
    [InlineData("from=2026-02-30")]
    [InlineData("to=yesterday")]
    public async Task A_parameter_that_does_not_do_is_refused(string query)
    {
        var shop = await Shop.Open(server, $"list-{Guid.NewGuid():N}"[..20]);
        (await shop.Get($"/v1/payments?{query}")).Refusal.ShouldBe("400 parameter_invalid");
    }

    private static async Task<string> Pages(Shop shop, string query)
    {
        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = await shop.Get($"/v1/payments?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
            page.Refusal.ShouldBe("200");
            pages.Add(Numbers(page));
            cursor = page.Json.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return string.Join(" | ", pages);
    }

    private static string Numbers(Answer page) => string.Join(' ', page.Json.GetProperty("items").EnumerateArray()
        .Select(item => item.GetProperty("merchant_order_no").GetString()));
}
