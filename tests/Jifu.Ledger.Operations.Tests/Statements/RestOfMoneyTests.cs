using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>What came for a day and is not what its bill says is told, and the rest is looked for by itself.</summary>
public class RestOfMoneyTests
{
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task What_a_corrected_bill_owes_more_than_came_is_expected_and_its_line_books_it()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 500_00);
        await desk.Brings("500.00,CHANNEL-1,沙箱");
        (await desk.Stands(Friday), await desk.OpenMoney()).ShouldBe(("confirmed", ""));

        await desk.OwesInstead(Friday, 520_00);
        (await desk.Stands(Friday), await desk.OpenMoney()).ShouldBe(("differs", $"rest:sandbox:{Friday}:1 2000"));

        await desk.Brings("20.00,CHANNEL-2,沙箱");
        (await desk.Line("CHANNEL-2")).MatchedTo.ShouldBe($"rest:sandbox:{Friday}:1");
        (await desk.Stands(Friday), await desk.OpenMoney(), await desk.Booked()).ShouldBe(("confirmed", "", 520_00));
        await desk.Same();
    }

    [Fact]
    public async Task What_a_channel_tells_less_than_it_owes_is_expected_and_explained_at_last()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 100_00);
        await desk.House.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
            new ReconciliationEvent.FundsReceived(
                Channel.Sandbox, Friday, Yuan(95_00), Yuan(0), "TOLD-95", desk.House.Clock.Now)]);
        (await desk.Stands(Friday), await desk.OpenMoney())
            .ShouldBe(("differs", $"funds:sandbox:{Friday} 9500, rest:sandbox:{Friday}:1 500"));
        await desk.Brings("95.00,TOLD-95,沙箱");
        (await desk.Stands(Friday), await desk.OpenMoney()).ShouldBe(("differs", $"rest:sandbox:{Friday}:1 500"));

        // The channel keeps it: both are that line, and what it lacks is a cost.
        (await desk.Undo("TOLD-95", Bo)).ShouldBeNull();
        (await desk.Approve(
            await desk.Explain(
                Mei, Account.Cost(Channel.Sandbox), [Funds(Friday), $"rest:sandbox:{Friday}:1"], "TOLD-95"), Bo))
            .ShouldBeNull();
        (await desk.Stands(Friday), await desk.OpenMoney()).ShouldBe(("confirmed", ""));
        (await desk.Balance(Account.Bank), await desk.Balance(Account.Cost(Channel.Sandbox)),
            await desk.Balance(Account.Receivable(Channel.Sandbox))).ShouldBe((95_00, 5_00, -100_00));
        await desk.Same();
    }

    [Fact]
    public async Task A_payout_that_was_answered_after_midnight_is_the_line_of_the_day_before()
    {
        await using var desk = await BankDesk.Open();
        var (merchant, sent) = (new MerchantId("m-8"), Friday.Next.Start.AddHours(23).AddMinutes(58));
        await desk.House.Tell<SettlementEvent>("settlement", "b-1_m-8_CNY", [
            new SettlementEvent.Ordered(
                merchant, new BatchId("b-1"), Channel.Sandbox, Friday, SettlementTerm.T1, Yuan(5_000_00), "bank-77",
                sent),
            new SettlementEvent.PayoutSent(merchant, Yuan(5_000_00), "b-1_m-8_CNY_1", Friday.Next, sent),
            new SettlementEvent.PayoutConfirmed(
                merchant, Yuan(5_000_00), "PAYOUT-77", Friday.Next.Next, sent.AddMinutes(3))]);
        await desk.Brings("-5000.00,,茶馆");
        (await desk.Line("")).MatchedTo.ShouldBe("settlement:b-1_m-8_CNY");
        (await desk.OpenMoney()).ShouldBe("");
    }
}
