using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>On a server of its own: a day is everybody's.</summary>
public class DayTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Whole_days_are_played_closed_and_downloaded()
    {
        var day = await SmallDay.Begin(server);
        await day.Play();
        (await day.Finance()).Refusal.ShouldBe("409 day_not_closed");
        (await day.Close()).Json.GetProperty("clearings")[0].GetProperty("refusal").GetProperty("code").GetString()
            .ShouldBe("clearing_day_not_over");
        await day.Plant(5);
        await day.End();
        (await day.Finance()).Refusal.ShouldBe("409 day_not_closed");
        var closed = await day.Close();
        IsRight(closed);
        (await day.Found()).ShouldBe(await day.Planted());
        (await day.Planted()).Count.ShouldBe(5);
        await BooksAreLevel();
        var zip = await day.Finance();
        zip.Headers["Content-Type"].ShouldBe("application/zip");
        JsonDocument.Parse(await SmallDay.FileIn(zip, "manifest.json")).RootElement
            .GetProperty("ties").GetBoolean().ShouldBeTrue();
        await A_second_close_changes_nothing(day, closed, zip);

        // The next day meets what the first one carried, and leaves the first one's files as they are.
        var next = day.Next();
        await server.MoveClock(next.Day.Start.AddHours(10));
        await next.Play();
        await next.End();
        IsRight(await next.Close());
        (await next.Found()).ShouldBeEmpty();
        await BooksAreLevel();
        (await next.Finance()).Refusal.ShouldBe("200");
        await A_second_close_changes_nothing(day, closed, zip);

        // All of the merchant's money of both days has gone out.
        (await day.Shop.Balances()).ShouldBeEmpty();
        (await day.Shop.Get("/v1/settlements")).Json.GetProperty("items").EnumerateArray()
            .Select(item => (item.GetProperty("status").GetString(), item.GetProperty("amount").GetInt64()))
            .ShouldBe([("confirmed", Payable), ("confirmed", Payable)]);
    }

    // 10000 - 5000 + 2345 + 4000, less 0.6 % and the agent's 5 % of each, both rounded for each payment.
    private const long Payable = 11_345 - (30 + 14 + 24) - (250 + 117 + 200);

    private async Task A_second_close_changes_nothing(SmallDay day, Answer closed, Answer zip)
    {
        var head = await server.Head();
        (await day.Close()).Body.ShouldBe(closed.Body);
        var again = await day.Finance();
        again.Refusal.ShouldBe("200");
        again.Content.ShouldBe(zip.Content);
        (await server.Head()).ShouldBe(head);
    }

    private static void IsRight(Answer closed)
    {
        closed.Refusal.ShouldBe("200");
        var settlements = closed.Json.GetProperty("clearings")[0].GetProperty("settlements").EnumerateArray().ToList();
        settlements.Count.ShouldBe(2);
        settlements.ShouldAllBe(one => one.GetProperty("status").GetString() == "confirmed");
        var reconciled = closed.Json.GetProperty("reconciliations")[0];
        reconciled.GetProperty("completed").GetBoolean().ShouldBeTrue();
        reconciled.GetProperty("funds_received").GetBoolean().ShouldBeTrue();
    }

    private async Task BooksAreLevel()
    {
        var accounts = (await server.AsOperator("GET", "/v1/balances")).Json.EnumerateArray().ToList();
        accounts.Sum(one => one.GetProperty("debits").GetInt64())
            .ShouldBe(accounts.Sum(one => one.GetProperty("credits").GetInt64()));
    }
}
