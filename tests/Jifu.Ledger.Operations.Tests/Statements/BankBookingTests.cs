using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>A channel's money is booked by a line that names the channel, or on two persons' word; and taken back by
/// the counter-entry.</summary>
public class BankBookingTests
{
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task An_equal_amount_of_somebody_else_books_nothing_and_does_not_hide_the_channels_own()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.Brings("500.00,SUPPLIER-1,茶馆");
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((0, "outstanding"));
        var proposed = (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldHaveSingleItem();
        (proposed.Line.Reference, proposed.To[0].Id, proposed.How).ShouldBe(("SUPPLIER-1", Funds(Friday), "amount"));

        await desk.Brings("500.00,CHANNEL-1,沙箱支付有限公司");
        ((await desk.Line("CHANNEL-1")).MatchedTo, (await desk.Line("SUPPLIER-1")).MatchedTo)
            .ShouldBe((Funds(Friday), ""));
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((500_00, "confirmed"));
        (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_confirms_what_a_line_is_and_another_takes_it_back()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.Brings("500.00,SUPPLIER-1,茶馆");
        (await desk.Confirm("SUPPLIER-1", new("mei.2", "mei"), Friday)).ShouldBe("statement_needs_another_person");
        (await desk.Confirm("SUPPLIER-1", Bo, Friday.Next)).ShouldBe("statement_money_not_expected");
        (await desk.Confirm("SUPPLIER-1", Bo)).ShouldBe("statement_amounts_differ");
        (await desk.House.Bank.Confirm("icbc", "s0.1", [Funds(Friday)], Bo, default))!.Code
            .ShouldBe("statement_line_not_found");
        (await desk.Confirm("SUPPLIER-1", Bo, Friday)).ShouldBeNull();
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((500_00, "confirmed"));
        (await desk.Confirm("SUPPLIER-1", Bo, Friday)).ShouldBe("statement_line_matched");

        (await desk.Undo("SUPPLIER-1", new("bo.2", "bo"))).ShouldBe("statement_needs_another_person");
        (await desk.Undo("SUPPLIER-1", Mei)).ShouldBeNull();
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((0, "outstanding"));
        (await desk.Undo("SUPPLIER-1", Mei)).ShouldBe("statement_line_not_matched");

        // It is not found again by itself. The channel's own line is.
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(0);
        (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldBeEmpty();
        await desk.Brings("500.00,CHANNEL-1,沙箱");
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((500_00, "confirmed"));
        await desk.Same();
    }

    [Fact]
    public async Task Words_of_ones_own_for_a_channel_book_nothing_that_one_brings_oneself()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        (await desk.Map(Mei, "sandbox=茶馆")).ShouldBeNull();
        await desk.Brings("500.00,CHANNEL-1,茶馆");
        (await desk.Booked()).ShouldBe(0);
        (await desk.Map(new("mei.2", "mei"), "sandbox=茶馆|茶室")).ShouldBeNull();
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(0);
        (await desk.Map(Bo, "sandbox=茶馆|茶楼")).ShouldBeNull();
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(1);
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((500_00, "confirmed"));
    }

    [Fact]
    public async Task A_statement_that_was_not_read_to_its_end_books_nothing_until_it_is_brought_again()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.House.Tell<StatementEvent>("statement", "icbc", [
            new StatementEvent.LineRead(
                "icbc", "icbc.1", Friday.Next.Start, Yuan(500_00), "CHANNEL-1", "沙箱", "", "5a", 2)]);
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(0);
        (await desk.Booked()).ShouldBe(0);
        await desk.House.Tell<StatementEvent>("statement", "icbc", [
            new StatementEvent.Imported(
                "icbc", "s.csv", "5a", 1, 1, Friday.Next, Friday.Next, "", desk.House.Clock.Now)]);
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(1);
        (await desk.Booked()).ShouldBe(500_00);
    }

    [Fact]
    public async Task What_an_older_program_booked_by_an_amount_is_taken_back_too()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.Brings("500.00,SUPPLIER-1,茶馆");
        await desk.House.Tell<StatementEvent>("statement", "all_matches", [
            new StatementEvent.Matched(
                "icbc", (await desk.Line("SUPPLIER-1")).Line, [Funds(Friday)], Yuan(500_00), "amount", true,
                desk.House.Clock.Now)]);
        await desk.House.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
            new ReconciliationEvent.FundsReceived(
                Channel.Sandbox, Friday, Yuan(500_00), Yuan(0), "SUPPLIER-1", desk.House.Clock.Now)]);
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((500_00, "confirmed"));

        (await desk.Undo("SUPPLIER-1", Bo)).ShouldBeNull();
        (await desk.Booked(), await desk.Stands(Friday)).ShouldBe((0, "outstanding"));
        await desk.Same();
    }

    [Fact]
    public async Task A_match_that_a_crash_left_unbooked_is_booked_with_the_banks_amount_whatever_the_bill_says_since()
    {
        await using var desk = await BankDesk.Open();
        await desk.Brings("500.00,CHANNEL-1,沙箱");
        await desk.Owes(Friday, 500_00);
        await Killed(desk, other => other.Bank.Run(Mei, default));
        ((await desk.Line("CHANNEL-1")).MatchedTo, await desk.Booked()).ShouldBe((Funds(Friday), 0));

        await desk.OwesInstead(Friday, 520_00);
        await desk.House.Bank.Run(Mei, default);
        (await desk.Booked()).ShouldBe(500_00);
    }

    [Fact]
    public async Task What_a_crash_left_booked_after_its_match_was_undone_is_taken_back_by_whoever_looks_next()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.Brings("500.00,CHANNEL-1,沙箱");
        await desk.Brings("500.00,SUPPLIER-1,茶馆");
        await Killed(desk, other => desk.Undo("CHANNEL-1", Bo, other.Bank));
        ((await desk.Line("CHANNEL-1")).MatchedTo, await desk.Booked()).ShouldBe(("", 500_00));

        // What is still booked is nobody else's proof.
        (await desk.Confirm("SUPPLIER-1", Mei, Friday)).ShouldBe("statement_needs_another_person");
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(0);
        ((await desk.Line("SUPPLIER-1")).MatchedTo, await desk.Booked()).ShouldBe(("", 0));
        (await desk.EventsOf(Friday))[^1].ShouldBeOfType<ReconciliationEvent.FundsTakenBack>().Reason
            .ShouldBe("a supplier's");
    }

    [Fact]
    public async Task What_was_told_is_booked_though_whoever_asked_has_gone()
    {
        await using var desk = await BankDesk.Open();
        await desk.Brings("500.00,CHANNEL-1,沙箱");
        await desk.Owes(Friday, 500_00);
        var line = (await desk.Line("CHANNEL-1")).Line;
        await Gone(desk, async (bank, gone) =>
            await Should.ThrowAsync<OperationCanceledException>(bank.Run(Mei, gone)));
        (await desk.Booked()).ShouldBe(500_00);
        await Gone(desk, (bank, gone) => bank.Undo("icbc", line, "a supplier's", Bo, gone));
        (await desk.Booked()).ShouldBe(0);
        await Gone(desk, (bank, gone) => bank.Confirm("icbc", line, [Funds(Friday)], Bo, gone));
        (await desk.Booked()).ShouldBe(500_00);
    }

    [Fact]
    public async Task A_day_that_is_closed_keeps_its_figures_and_one_that_is_open_waits_for_its_money_again()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.Brings("500.00,CHANNEL-1,沙箱");
        (await desk.Undo("CHANNEL-1", Bo)).ShouldBeNull();
        var late = (await desk.EventsOf(Friday))[^1].ShouldBeOfType<ReconciliationEvent.FundsTakenBack>();
        (late.DayIsClosed, late.BookedOn).ShouldBe((true, BusinessDay.Of(desk.House.Clock.Now)));
        (await OpenEnds(desk, Friday)).ShouldBeEmpty();
        (await desk.Confirm("CHANNEL-1", Bo, Friday)).ShouldBeNull();
        (await desk.Booked()).ShouldBe(500_00);

        // A day before it has no money yet, so that no day from then on is closed.
        await desk.Owes(Friday.Previous, 7_00);
        (await desk.Undo("CHANNEL-1", Mei)).ShouldBeNull();
        (await OpenEnds(desk, Friday)).ShouldBe([$"{Friday.Previous} funds_not_received sandbox"]);
        await desk.Owes(Friday.Next, 9_00);
        await desk.Brings("9.00,CHANNEL-2,沙箱");
        (await desk.Undo("CHANNEL-2", Bo)).ShouldBeNull();
        (await desk.EventsOf(Friday.Next))[^1].ShouldBeOfType<ReconciliationEvent.FundsTakenBack>().BookedOn
            .ShouldBeNull();
        (await OpenEnds(desk, Friday.Next)).ShouldBe(
            [$"{Friday.Previous} funds_not_received sandbox", $"{Friday.Next} funds_not_received sandbox"]);
        await desk.Same();
    }

    [Fact]
    public async Task Whatever_is_matched_confirmed_and_undone_the_books_have_what_the_lines_say()
    {
        await using var desk = await BankDesk.Open();
        BusinessDay[] days = [Friday.Previous.Previous, Friday.Previous, Friday];
        foreach (var day in days)
            await desk.Owes(day, 5_00);
        var (random, lines) = (new Random(20261122), new List<string>());
        for (var step = 0; step < 60; step++)
        {
            var (who, day) = (random.Next(2) == 0 ? Mei : Bo, days[random.Next(days.Length)]);
            switch (random.Next(5))
            {
                case 0 when lines.Count < 8:
                    lines.Add($"L-{step}");
                    await desk.Brings($"{5 * random.Next(1, 4)}.00,L-{step},{(random.Next(2) == 0 ? "沙箱" : "茶馆")}");
                    break;
                case 1 or 2 when lines.Count > 0:
                    await desk.Undo(lines[random.Next(lines.Count)], who);
                    break;
                case 3 when lines.Count > 0:
                    await desk.Confirm(lines[random.Next(lines.Count)], who, [.. days[..random.Next(1, 4)]]);
                    break;
                default:
                    await desk.House.Bank.Run(who, default);
                    break;
            }

            var matched = (await desk.Queries.Lines(Friday, Friday.Next, false, default))
                .Where(line => line.MatchedTo != "").ToList();
            (await desk.Booked()).ShouldBe(matched.Sum(line => line.AmountMinor), $"step {step} {day}");
            matched.SelectMany(line => line.MatchedTo.Split(' ')).ShouldBeUnique();
        }

        await desk.Same();
    }

    private static async Task<IEnumerable<string>> OpenEnds(BankDesk desk, BusinessDay day)
    {
        await desk.House.CatchUp();
        return (await new Jifu.Ledger.ReadModels.Clearing.OpenEndQueries(desk.House.Views).UpTo(day, default))
            .Select(end => $"{end}");
    }

    /// <summary>Somebody asks another server and goes as it says what lines are.</summary>
    private static async Task Gone(BankDesk desk, Func<BankMatching, CancellationToken, Task> asking)
    {
        using var gone = new CancellationTokenSource();
        await using var other = new OtherServer(
            desk.House, stream => stream.Category == "statement" ? gone.CancelAsync() : Task.CompletedTask);
        await asking(other.Bank, gone.Token);
    }

    /// <summary>Another server says what lines are and goes before it books anything.</summary>
    private static async Task Killed(BankDesk desk, Func<OtherServer, Task> doing)
    {
        await using var other = new OtherServer(desk.House, stream => stream.Category == "statement"
            ? Task.CompletedTask
            : throw new EventLogUnavailableException("gone", null));
        await Should.ThrowAsync<EventLogUnavailableException>(doing(other));
    }
}
