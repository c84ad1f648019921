using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.Channels.Simulator.Bills;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>Differences that are planted in the sandbox's bills.</summary>
public sealed class SandboxDifferenceTests : IAsyncLifetime
{
    private SandboxHouse _house = null!;

    public async Task InitializeAsync() => _house = await SandboxHouse.Open();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task The_bill_differs_in_exactly_what_was_planted()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(10));
        var truth = new Dictionary<string, string>();
        for (var fen = 1_000; fen < 1_012; fen++)
        {
            var id = await _house.Paid(fen);
            truth.Add($"{id}", $"SUCCESS {fen / 100}.{fen % 100:D2} 0.00 0.04000");
        }

        await _house.AdvanceTo(day.Next.Start.AddMinutes(-10));
        var late = await _house.Paid(5_000);
        await _house.AdvanceTo(day.Next.Start.AddHours(1));
        var planted = await Plant(day, 7, 42);
        planted.Select(one => one.Class).ShouldBe(
        [
            "only_at_channel", "only_with_us", "amount_differs", "fee_differs", "duplicate", "cut_off",
            "only_at_channel",
        ]);

        var bill = await Bill(day);
        bill.Of($"{late}").ShouldBeEmpty();
        planted.Select(one => bill.Of(Number(one)).Count()).ShouldBe([1, 0, 1, 1, 2, 0, 1]);
        foreach (var one in planted)
            Says(bill, one, truth);
        var touched = planted.Select(Number).ToHashSet();
        foreach (var (number, row) in truth.Where(row => !touched.Contains(row.Key)))
            bill.Of(number).ShouldBe([row]);

        bill.Totals["总交易单数"].ShouldBe($"{bill.Rows.Count}");
        (await _house.Client.QueryFunds(day, default)).ShouldNotBeNull().Amount.MinorUnits.ShouldBe(bill.Net);

        await _house.AdvanceTo(day.Next.Next.Start);
        (await Bill(day.Next)).Of($"{late}").ShouldBe(["SUCCESS 50.00 0.00 0.19000"]);
    }

    [Fact]
    public async Task A_repeat_of_a_planting_changes_nothing_and_another_is_refused()
    {
        var day = _house.Today;
        for (var fen = 100; fen < 105; fen++)
            await _house.Paid(fen);
        ((int)(await _house.Control($"days/{day}/differences")).Body["count"]!).ShouldBe(0);

        var planted = await Plant(day, 9, 1);
        (await Plant(day, 9, 1)).ShouldBe(planted);
        await Refuses(day, 9, 2, "differences_already_planted");
        await Refuses(day.Next, 0, 1, "count_out_of_range");

        await _house.AdvanceTo(day.Next.Start);
        await Bill(day);
        await _house.Restart();
        Differences((await _house.Control($"days/{day}/differences")).Body).ShouldBe(planted);
        (await Plant(day, 9, 1)).ShouldBe(planted);
        await Refuses(day, 9, 2, "bill_already_fixed");
    }

    [Fact]
    public async Task As_many_as_were_asked_for_are_planted_even_in_an_empty_day()
    {
        var day = _house.Today;
        var planted = await Plant(day, 8, 3);
        planted.Count.ShouldBe(8);
        planted.ShouldAllBe(one => one.Class == "only_at_channel");
        await _house.AdvanceTo(day.Next.Start);
        (await Bill(day)).Rows.Count.ShouldBe(8);
    }

    private static void Says(BillText bill, PlantedDifference difference, Dictionary<string, string> truth)
    {
        if (difference.Field is not ("amount" or "fee"))
            return;
        var isAmount = difference.Field == "amount";
        var row = bill.Rows.Single(row => row["商户订单号"] == Number(difference));
        var said = BillText.Fen(row[isAmount ? "订单金额" : "手续费"]);
        $"{new Money(said, Currency.CNY)}".ShouldBe(difference.Theirs);
        var held = BillText.Fen(truth[Number(difference)].Split(' ')[isAmount ? 1 : 3]);
        $"{new Money(held, Currency.CNY)}".ShouldBe(difference.Ours);
        said.ShouldNotBe(held);
    }

    private static string Number(PlantedDifference difference) => difference.Key["payment:".Length..];

    private async Task<BillText> Bill(BusinessDay day) =>
        BillText.Of((await _house.Client.DownloadBill(day, default)).ShouldNotBeNull());

    private async Task<List<PlantedDifference>> Plant(BusinessDay day, int count, long seed)
    {
        var (status, body) = await _house.Control($"days/{day}/differences", new { count, seed });
        status.ShouldBe(HttpStatusCode.OK, body.ToJsonString());
        return Differences(body);
    }

    private async Task Refuses(BusinessDay day, int count, long seed, string code)
    {
        var (status, body) = await _house.Control($"days/{day}/differences", new { count, seed });
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        body["code"]!.ToString().ShouldBe(code);
    }

    private static List<PlantedDifference> Differences(JsonObject body) =>
        body["differences"].Deserialize<List<PlantedDifference>>(JsonSerializerOptions.Web)!;
}
