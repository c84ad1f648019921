using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>What was advanced for T+0 (垫资) is repaid once, whoever books money at the same moment.</summary>
public class AdvanceTests
{
    private static readonly BusinessDay Friday = House.Friday;
    private static readonly BusinessDay Thursday = House.Friday.Previous;

    [Fact]
    public async Task Two_servers_that_book_at_one_moment_repay_together_no_more_than_was_advanced()
    {
        await using var desk = await Advanced(60_00);
        await desk.Brings("50.00,1900W0001,沙箱");
        await Withdraws(desk, Thursday, "1900W0001");

        // The other has divided the withdrawal, and not booked it yet, when the channel tells of Friday's money.
        var isTold = false;
        await using var other = new OtherServer(desk.House, async stream =>
        {
            if (stream != StreamOf(Thursday) || isTold)
                return;
            isTold = true;
            desk.House.Channel.Funds = new(Yuan(70_00), "F20261120");
            await desk.House.Reconciliation.Run(Channel.Sandbox, Friday, Mei, default);
        });
        await other.Bank.Run(Mei, default);

        (await desk.Line("1900W0001")).MatchedTo.ShouldBe($"withdrawal:sandbox:{Thursday}:F1");
        (await Balances(desk)).ShouldBe((120_00, 0, -120_00));
        await desk.Same();
    }

    [Fact]
    public async Task Two_withdrawals_of_one_run_repay_all_that_was_advanced()
    {
        await using var desk = await Advanced(60_00);
        await desk.Brings("50.00,1900W0001,沙箱", "50.00,1900W0002,沙箱");
        await Withdraws(desk, Thursday, "1900W0001");
        await Withdraws(desk, Friday, "1900W0002");

        // The views know of the first before the second is divided.
        await using var other = new OtherServer(
            desk.House, stream => stream == StreamOf(Friday) ? desk.House.CatchUp() : Task.CompletedTask);
        await other.Bank.Run(Mei, default);
        (await Balances(desk)).ShouldBe((100_00, 0, -100_00));
    }

    [Fact]
    public async Task A_division_that_was_never_booked_is_taken_up_by_whoever_books_it()
    {
        await using var desk = await Advanced(60_00);
        await desk.Brings("50.00,1900W0001,沙箱");
        await Withdraws(desk, Thursday, "1900W0001");
        await using (var killed = new OtherServer(desk.House, stream => stream == StreamOf(Thursday)
            ? throw new InvalidOperationException("killed")
            : Task.CompletedTask))
            await Should.ThrowAsync<InvalidOperationException>(killed.Bank.Run(Mei, default));
        (await Balances(desk)).ShouldBe((0, 60_00, -60_00));
        await desk.House.Bank.Run(Mei, default);
        (await Balances(desk)).ShouldBe((50_00, 10_00, -60_00));
    }

    [Fact]
    public async Task A_division_whose_line_is_something_else_after_all_sets_nothing_aside_any_more()
    {
        await using var desk = await Advanced(60_00);
        await desk.Brings("50.00,1900W0001,沙箱");
        await Withdraws(desk, Thursday, "1900W0001");
        await using (var killed = new OtherServer(desk.House, stream => stream == StreamOf(Thursday)
            ? throw new InvalidOperationException("killed")
            : Task.CompletedTask))
            await Should.ThrowAsync<InvalidOperationException>(killed.Bank.Run(Mei, default));
        (await desk.Undo("1900W0001", Bo)).ShouldBeNull();
        (await Balances(desk)).ShouldBe((0, 60_00, -60_00));

        // Thursday's stream has not gone on: nothing else says that the 50.00 will never be booked.
        desk.House.Channel.Funds = new(Yuan(70_00), "F20261120");
        await desk.House.Reconciliation.Run(Channel.Sandbox, Friday, Mei, default);
        (await Balances(desk)).ShouldBe((70_00, 0, -70_00));
    }

    [Fact]
    public async Task The_same_division_after_a_line_was_undone_sets_its_money_aside_again()
    {
        await using var desk = await Advanced(60_00);
        await desk.Brings("70.00,SUPPLIER-1,茶馆");
        await using (var killed = new OtherServer(desk.House, stream => stream == StreamOf(Friday)
            ? throw new InvalidOperationException("killed")
            : Task.CompletedTask))
        {
            var line = (await desk.Line("SUPPLIER-1")).Line;
            await Should.ThrowAsync<InvalidOperationException>(
                killed.Bank.Confirm("icbc", [line], [Funds(Friday)], Bo, default));
        }

        desk.House.Clock.Now += TimeSpan.FromMinutes(1);
        (await desk.Undo("SUPPLIER-1", Mei)).ShouldBeNull();

        // The channel tells of 70.00 by itself: a server has divided them as before, and not booked them yet.
        desk.House.Clock.Now += TimeSpan.FromMinutes(1);
        await using var other = new OtherServer(desk.House);
        var version = (await desk.House.Log.Load<ReconciliationEvent>(
            LedgerEvents.Codec, StreamOf(Friday), default)).Version;
        (await other.Advances.OfDay(Channel.Sandbox, Friday, version, "funds", Yuan(70_00), 0, Mei, default))
            .ShouldBe(Yuan(60_00));
        await Withdraws(desk, Thursday, "1900W0001");
        await desk.Brings("50.00,1900W0001,沙箱");
        (await Balances(desk)).ShouldBe((50_00, 60_00, -110_00));

        desk.House.Channel.Funds = new(Yuan(70_00), "F20261120");
        await desk.House.Reconciliation.Run(Channel.Sandbox, Friday, Mei, default);
        (await Balances(desk)).ShouldBe((120_00, 0, -120_00));
        await desk.Same();
    }

    [Fact]
    public async Task What_a_withdrawal_has_repaid_the_channels_word_of_a_day_does_not_repay_again()
    {
        await using var desk = await Advanced(60_00);
        await Withdraws(desk, Thursday, "1900W0001");
        await desk.Brings("50.00,1900W0001,沙箱");
        (await Balances(desk)).ShouldBe((50_00, 10_00, -60_00));

        desk.House.Channel.Funds = new(Yuan(70_00), "F20261120");
        await desk.House.Reconciliation.Run(Channel.Sandbox, Friday, Mei, default);
        (await Balances(desk)).ShouldBe((120_00, 0, -120_00));
    }

    private static StreamName StreamOf(BusinessDay day) => new("reconciliation", $"sandbox_{day}");

    private static async Task<BankDesk> Advanced(long fen)
    {
        var desk = await BankDesk.Open();
        await desk.Owes(Thursday, 70_00);
        await desk.Owes(Friday, 70_00);
        var batch = ClearingBatch.IdOf(Channel.Sandbox, Friday, SettlementTerm.T0, 1);
        await desk.House.Tell<ClearingEvent>("clearing", batch.Value, [
            new ClearingEvent.Opened(Channel.Sandbox, Friday, SettlementTerm.T0, 1, [new("m1")], desk.House.Clock.Now),
            new ClearingEvent.MerchantCleared(
                batch, Channel.Sandbox, Friday, SettlementTerm.T0,
                new(new("m1"), 1, 0, Yuan(fen), Yuan(0), Yuan(0), Yuan(0), Yuan(0)), desk.House.Clock.Now)]);
        return desk;
    }

    private static Task Withdraws(BankDesk desk, BusinessDay day, string number) =>
        desk.House.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{day}", [
            new ReconciliationEvent.FundFlowChecked(
                Channel.Sandbox, day, 1, 0, Yuan(50_00), [], [], "1", "2", desk.House.Clock.Now, null,
                [new("F1", number, Yuan(50_00), "提现")])]);

    private static async Task<(long Bank, long Advance, long Receivable)> Balances(BankDesk desk)
    {
        await desk.House.CatchUp();
        var balances = (await new JournalQueries(desk.House.Views).Balances(null, AsOf.Now, default))
            .ToDictionary(row => row.Account, row => row.BalanceMinor);
        return (
            balances.GetValueOrDefault("bank"), balances.GetValueOrDefault("t0_advance:sandbox"),
            balances.GetValueOrDefault("channel_receivable:sandbox"));
    }
}
