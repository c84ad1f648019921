using System.Text;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>Several servers that look at the same moment what the bank's lines are.</summary>
public class BankMatchingTests
{
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task Who_is_second_looks_again_so_no_money_is_found_twice()
    {
        await using var house = await House.Open();
        house.Clock.Now = house.Clock.Now.AddDays(2);
        await Brought(house, "icbc", $"{Friday.Next},99.62,LATER");
        await Owed(house, Friday);
        var meanwhile = 0;
        await using var other = new OtherServer(house, async stream =>
        {
            // It has made up its mind about LATER. Before it says so, somebody brings an earlier line.
            if (stream.Category == "statement" && meanwhile++ == 0)
                await Brought(house, "cmb", $"{Friday},99.62,EARLIER");
        });

        (await other.Bank.Run(House.By, default)).ShouldBe(0);
        meanwhile.ShouldBe(1);
        var match = (await Matches(house)).ShouldHaveSingleItem();
        (match.Account, match.To[0]).ShouldBe(("cmb", $"funds:sandbox:{Friday}"));
        (await Received(house)).ShouldBe([$"sandbox_{Friday}"]);
    }

    [Fact]
    public async Task A_match_whose_booking_a_crash_prevented_is_booked_by_the_next_run()
    {
        await using var house = await House.Open();
        await Brought(house, "icbc", $"{Friday},99.62,F-1");
        await Owed(house, Friday);
        await using (var other = new OtherServer(house, stream => stream.Category == "statement"
            ? Task.CompletedTask
            : throw new EventLogUnavailableException("gone", null)))
            await Should.ThrowAsync<EventLogUnavailableException>(other.Bank.Run(House.By, default));
        (await Matches(house)).ShouldHaveSingleItem().IsSource.ShouldBeTrue();
        (await Received(house)).ShouldBeEmpty();

        (await house.Bank.Run(House.By, default)).ShouldBe(0);
        (await Received(house)).ShouldBe([$"sandbox_{Friday}"]);
    }

    [Fact]
    public async Task Matchers_on_one_database_take_each_line_and_each_movement_once()
    {
        await using var house = await House.Open();
        BusinessDay[] days = [.. Enumerable.Range(0, 24).Select(ago => new BusinessDay(Friday.Date.AddDays(-ago)))];
        await using var other = new OtherServer(house);
        foreach (var some in days.Chunk(4))
        {
            // Twice as many lines as there is money for them, in two accounts.
            await Brought(house, "icbc", [.. some.Select(day => $"{day},99.62,A{day}")]);
            await Brought(house, "cmb", [.. some.Select(day => $"{day},99.62,B{day}")]);
            await Owed(house, some);
            await Task.WhenAll(new[] { house.Bank, other.Bank, house.Bank, other.Bank }.Select(bank =>
                Task.Run(() => bank.Run(House.By, default))));
        }

        var matches = await Matches(house);
        matches.Select(match => match.Line).ShouldBeUnique();
        matches.SelectMany(match => match.To).ShouldBe(days.Select(day => $"funds:sandbox:{day}"), ignoreOrder: true);
        (await Received(house)).ShouldBe(days.Select(day => $"sandbox_{day}"), ignoreOrder: true);
        (await new StatementQueries(house.Views).Expected(days[^1], Friday, default)).ShouldBeEmpty();
        (await house.Bank.Run(House.By, default)).ShouldBe(0);
    }

    /// <summary>The channel's bills say that it owes 99.62 for each of these days.</summary>
    private static async Task Owed(House house, params BusinessDay[] days)
    {
        foreach (var day in days)
        {
            await house.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{day}", [
                new ReconciliationEvent.BillImported(
                    Channel.Sandbox, day, "b", "0", 1, Yuan(100_00), Yuan(0), Yuan(38), house.Clock.Now),
                new ReconciliationEvent.Completed(
                    Channel.Sandbox, day, 1, 0, 0, 0, Yuan(99_62), Yuan(99_62), house.Clock.Now)]);
        }
    }

    private static async Task Brought(House house, string account, params string[] rows)
    {
        (await house.Statements.Save(
            account, new("日期", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "金额", Reference: "流水号",
                Counterparty: "对方户名"), House.By, default))
            .ShouldBeNull();
        (await house.Statements.Import(
            account, new("s.csv", Encoding.UTF8.GetBytes(
                $"日期,金额,流水号,对方户名\n{string.Join('\n', rows.Select(row => $"{row},沙箱"))}")), House.By,
            default)).Imported!.NewRows.ShouldBe(rows.Length);
    }

    private static async Task<IReadOnlyList<StatementEvent.Matched>> Matches(House house) => [.. (
        await house.Log.Load<StatementEvent>(LedgerEvents.Codec, new("statement", "all_matches"), default)).Events
        .Cast<StatementEvent.Matched>()];

    /// <summary>The days whose money is booked; one that is booked twice stands there twice.</summary>
    private static async Task<IEnumerable<string>> Received(House house) =>
        (await house.Log.ReadAll(-1, 10_000, default)).Where(one => one.Type == "reconciliation.funds_received")
            .Select(one => one.Stream.Id);

    private static Money Yuan(long fen) => new(fen, Currency.CNY);
}
