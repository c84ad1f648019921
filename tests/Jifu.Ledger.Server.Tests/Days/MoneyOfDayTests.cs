using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>The third side of a played day: the channel's fund flow, as it comes and as it may go wrong.</summary>
public class MoneyOfDayTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Right = "completed, checked 0, received";

    [Fact]
    public async Task Each_days_money_is_fetched_and_held_against_its_bill_and_what_is_wrong_with_it_is_told()
    {
        // Six differences between our books and the bill; the money is what the bill says.
        var day = await Played(await SmallDay.Begin(server));
        await day.Plant(6);
        await day.End();
        (await Closed(day)).ShouldBeNull();
        (await Money(day)).ShouldBe(Right);
        (await Imports(day)).ShouldBe("trade fund_flow");

        // A day without a fund flow is compared and paid all the same; the schedule asks for it again.
        day = await Next(day, "missing");
        (await Closed(day))!["code"].ShouldBe("fund_flow_not_ready");
        (await Money(day)).ShouldBe("completed, no_fund_flow 0, received");
        await Break(day, "none");
        await server.Fire("close_days");
        await RunningServer.Until(async () => await Money(day) == Right);

        day = await Next(day, "hash_wrong");
        await AFileThatIsNotTheOneToldOfLeavesNothingBehind(day);

        // A gap in the balances is told by its lines; the corrected file, with a reason, ends it.
        day = await Next(day, "balance_gap");
        (await Closed(day)).ShouldBeNull();
        (await Money(day)).ShouldMatch(
            "completed, checked 0, received, line [0-9]+ after line [0-9]+: "
            + "the balance should be CNY [0-9.]+, and is CNY [0-9.]+");
        var wrong = await Break(day, "none");
        (await Bring(day, wrong, "")).Refusal.ShouldBe("409 bill_already_imported");
        (await Bring(day, wrong, "&reason=corrected")).Refusal.ShouldBe("200");
        (await Money(day)).ShouldBe(Right);
        (await Imports(day)).ShouldBe("trade fund_flow fund_flow");

        (await server.AsOperator("GET", "/v1/ops/days/2026-02-30/money")).Refusal.ShouldBe("400 parameter_invalid");
        (await server.AsOperator("GET", "/v1/ops/days/2020-01-01/money")).Body.ShouldBe("[]");
    }

    private async Task AFileThatIsNotTheOneToldOfLeavesNothingBehind(SmallDay day)
    {
        var refusal = (await Closed(day))!;
        refusal["code"].ShouldBe("bill_hash_differs");
        refusal["detail"].ShouldContain("_fund_flow.csv:1:1: bill_hash_differs: expected a file whose SHA1 is 0000");
        (await Imports(day)).ShouldBe("trade");
        (await Reconciled(day))!["code"].ShouldBe("bill_hash_differs");
        await Break(day, "none");
        (await Reconciled(day)).ShouldBeNull();
        (await Money(day)).ShouldBe(Right);
        await ItBeginsWithWhatTheDayBeforeHeld(day);
    }

    private async Task ItBeginsWithWhatTheDayBeforeHeld(SmallDay day)
    {
        var opening = await server.AsSuperuser<long>(
            "SELECT opening_minor FROM views.fund_flow_account WHERE day = @Date", new { day.Day.Date });
        opening.ShouldBe(await server.AsSuperuser<long>(
            "SELECT closing_minor FROM views.fund_flow_account WHERE day = @Date", new { day.Day.Previous.Date }));
        opening.ShouldBePositive();
    }

    private static async Task<SmallDay> Played(SmallDay day)
    {
        await day.Play();
        return day;
    }

    private async Task<SmallDay> Next(SmallDay before, string fault)
    {
        var day = before.Next();
        await server.MoveClock(day.Day.Start.AddHours(10));
        await day.Play();
        await Break(day, fault);
        await day.End();
        return day;
    }

    // The fund flow as it is after that.
    private async Task<byte[]> Break(SmallDay day, string fault)
    {
        (await server.AsOperator(
            "POST", $"/v1/sandbox/days/{day.Day}/fund-flow", $$"""{"fault":"{{fault}}"}""")).Refusal.ShouldBe("200");
        var token = await new Notices.ChannelVoice(server).Ask($"/sandbox/v3/billdownload/file?token={day.Day}");
        return token.Content;
    }

    private static async Task<Dictionary<string, string>?> Closed(SmallDay day)
    {
        var closed = await day.Close();
        closed.Refusal.ShouldBe("200");
        var reconciled = closed.Json.GetProperty("reconciliations")[0];
        reconciled.GetProperty("completed").GetBoolean().ShouldBeTrue();
        reconciled.GetProperty("funds_received").GetBoolean().ShouldBeTrue();
        return Refusal(reconciled);
    }

    private async Task<Dictionary<string, string>?> Reconciled(SmallDay day)
    {
        var answer = await server.AsOperator(
            "POST", "/v1/ops/reconciliations", $$"""{"channel":"sandbox","day":"{{day.Day}}"}""");
        answer.Refusal.ShouldBe("200");
        return Refusal(answer.Json);
    }

    private static Dictionary<string, string>? Refusal(JsonElement reconciled) =>
        reconciled.TryGetProperty("fund_flow_refusal", out var refusal) && refusal.ValueKind != JsonValueKind.Null
            ? refusal.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!)
            : null;

    private Task<Answer> Bring(SmallDay day, byte[] file, string reason) => server.SendBytes(
        server.Operator, "POST", $"/v1/ops/reconciliations/sandbox/{day.Day}/bill?file_name=right.gz{reason}", file);

    private async Task<string> Money(SmallDay day)
    {
        await server.CaughtUp();
        var sides = (await server.AsOperator("GET", $"/v1/ops/days/{day.Day}/money")).Json.EnumerateArray()
            .ShouldHaveSingleItem();
        string Text(string name) => sides.GetProperty(name).GetString()!;
        var gap = Text("fund_flow_break");
        return $"{Text("trade")}, {Text("fund_flow")} {sides.GetProperty("fund_flow_differences")}, {Text("bank")}"
            + (gap.Length == 0 ? "" : $", {gap}");
    }

    private async Task<string> Imports(SmallDay day) => string.Join(' ',
        (await server.AsOperator("GET", $"/v1/ops/days/{day.Day}/imports")).Json.EnumerateArray()
            .Select(one => one.GetProperty("kind").GetString()).OrderDescending(StringComparer.Ordinal));
}
