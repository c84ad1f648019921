using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.ReadModels.Settlements;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>A payout that the bank sends back after it was confirmed (退汇) is the merchant's money again, once, on
/// another person's word.</summary>
public class ReturnedPayoutTests
{
    private const string Returned = "returned:b-1_m-8_CNY_1";

    private static readonly BusinessDay Friday = House.Friday;
    private static readonly MerchantId Merchant = new("m-8");

    [Fact]
    public async Task A_payout_that_came_back_is_the_merchants_again_once()
    {
        await using var desk = await PaidOut();
        await desk.Brings("5000.00,RETURN-1,茶馆", "5000.00,RETURN-2,茶馆");
        (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldHaveSingleItem().To[0].Id
            .ShouldBe(Returned);
        (await Books(desk)).ShouldBe((-5_000_00, 5_000_00));

        (await desk.ConfirmTogether(Mei, Returned, "RETURN-1")).ShouldBe("statement_needs_another_person");
        (await desk.ConfirmTogether(Bo, Returned, "RETURN-1")).ShouldBeNull();
        (await Books(desk)).ShouldBe((0, 0));
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(0);
        (await desk.ConfirmTogether(Bo, Returned, "RETURN-2")).ShouldBe("statement_money_not_expected");
        (await new SettlementQueries(desk.House.Views).OfDay(Friday, default)).ShouldHaveSingleItem().Status
            .ShouldBe("returned");

        // What a merchant was given is not taken away by a word about the bank.
        (await desk.Undo("RETURN-1", Mei)).ShouldBe("statement_return_stands");
        (await Books(desk)).ShouldBe((0, 0));
        await desk.Same();
    }

    [Fact]
    public async Task A_payout_that_came_back_less_a_fee_is_whole_for_the_merchant()
    {
        await using var desk = await PaidOut();
        await desk.Brings("4995.00,RETURN-1,茶馆");
        (await desk.Approve(await desk.Explain(Mei, Account.BankFee, [Returned], "RETURN-1"), Bo)).ShouldBeNull();
        (await Books(desk)).ShouldBe((-5_00, 0));
        (await desk.Balance(Account.BankFee)).ShouldBe(5_00);
    }

    [Fact]
    public async Task A_payout_that_goes_out_again_is_another_movement_and_may_come_back_again()
    {
        await using var desk = await PaidOut();
        await desk.Brings("5000.00,RETURN-1,茶馆");
        (await desk.ConfirmTogether(Bo, Returned, "RETURN-1")).ShouldBeNull();
        await Sent(desk, 2);
        (await desk.OpenMoney()).ShouldBe("settlement:b-1_m-8_CNY_2 -500000");
        await desk.Brings("-5000.00,AGAIN-2,茶馆", "5000.00,RETURN-3,茶馆");
        (await desk.Line("AGAIN-2")).MatchedTo.ShouldBe("settlement:b-1_m-8_CNY_2");
        (await desk.ConfirmTogether(Bo, "returned:b-1_m-8_CNY_2", "RETURN-3")).ShouldBeNull();
        (await Books(desk)).ShouldBe((0, 0));
        await desk.Same();
    }

    /// <summary>5,000.00 were paid out, and the bank's line of it is there.</summary>
    private static async Task<BankDesk> PaidOut()
    {
        var desk = await BankDesk.Open();
        await desk.House.Tell<SettlementEvent>("settlement", "b-1_m-8_CNY", [
            new SettlementEvent.Ordered(
                Merchant, new("b-1"), Channel.Sandbox, Friday, SettlementTerm.T1, Yuan(5_000_00), "bank-77",
                Friday.Start)]);
        await Sent(desk, 1);
        await desk.Brings("-5000.00,PAYOUT-1,茶馆");
        (await desk.Line("PAYOUT-1")).MatchedTo.ShouldBe("settlement:b-1_m-8_CNY");
        return desk;
    }

    private static Task Sent(BankDesk desk, int attempt) => desk.House.Tell<SettlementEvent>(
        "settlement", "b-1_m-8_CNY", [
            new SettlementEvent.PayoutSent(
                Merchant, Yuan(5_000_00), $"b-1_m-8_CNY_{attempt}", Friday.Next, Friday.Next.Start),
            new SettlementEvent.PayoutConfirmed(
                Merchant, Yuan(5_000_00), $"BANK-{attempt}", Friday.Next, Friday.Next.Start)]);

    /// <summary>What is in the bank, and what the merchant owes us (negative: what it may take).</summary>
    private static async Task<(long Bank, long Merchant)> Books(BankDesk desk)
    {
        var available = await desk.Balance(Account.Available(Merchant));
        (await new FundsQueries(desk.House.Views).Of([(Merchant, Currency.CNY)], default))[(Merchant, Currency.CNY)]
            .Facts.Available.ShouldBe(Yuan(-available));
        return (await desk.Balance(Account.Bank), available);
    }
}
