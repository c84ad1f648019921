using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Domain.Tests.Funds;

using static FundsCommand;
using static Given;

/// <summary>What may leave a merchant, one after the other.</summary>
public class MerchantFundsTests
{
    private static readonly MerchantId Noodles = new("m-9");
    private static readonly HoldId ForRefund = HoldId.Of(new PaymentId("p1"), new RefundId("R-1"));
    private static readonly HoldId ForPayout = HoldId.OfPayout("s1_1");

    // The log as of a position before any of the commands: 100.00 in all, 60.00 of it cleared.
    private static readonly FundsFacts Facts = new(Cny(100_00), Cny(60_00), Cny(0), Cny(0));

    [Fact]
    public void What_is_put_aside_or_given_away_is_not_there_for_the_next() => StoryOf(
        Holding(ForRefund, 0), Holding(ForRefund, 70_00), Holding(ForRefund, 70_00), Holding(ForRefund, 69_99),
        Holding(ForRefund, 70_01), Giving("T-1", 30_01), Giving("T-1", 30_00), Giving("T-2", 1))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_is_released_is_there_again_once() => StoryOf(
        Holding(ForRefund, 70_00), Holding(ForPayout, 60_00), Releasing(ForRefund, 70_00), Releasing(ForRefund, 70_00),
        Releasing(ForPayout, 1), Holding(ForPayout, 60_00), Holding(ForRefund, 40_01), Holding(ForRefund, 40_00))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Transfers_and_payouts_take_cleared_money_only_refunds_any() => StoryOf(
        Giving("T-1", 60_01), Giving("T-2", 20_00), Holding(ForPayout, 40_01), Holding(ForPayout, 40_00),
        Giving("T-3", 1), Holding(ForRefund, 40_00)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_transfer_counts_once_and_goes_where_it_may() => StoryOf(
        Giving("T-1", 0), Giving("T-1", 5_00) with { To = Account.Available(TeaHouse) },
        Giving("T-1", 5_00) with { To = Account.Bank }, Giving("T-1", 5_00) with { To = Account.Pending(Noodles) },
        Giving("T-1", 5_00), Giving("T-1", 5_00), Giving("T-1", 5_01), Giving("T-1", 5_00) with { Reason = "gift" },
        Giving("T-2", 5_00) with { To = Account.Receiver(new("agent")) },
        Giving("T-3", 5_00) with { To = Account.FeeIncome }).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void An_agreed_limit_lets_it_go_below_zero_so_far() => StoryOf(
        Limit(-1), Limit(0), Limit(10_00), Limit(10_00), Giving("T-1", 70_01), Giving("T-1", 70_00),
        Holding(ForRefund, 40_01), Holding(ForRefund, 40_00), Limit(0), Giving("T-2", 1), Giving("T-1", 70_00))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_has_to_be_given_back_is_not_there_for_others_whether_it_was_spent_or_not() => StoryOf(
        Giving("T-1", 50_00), Back(0), Back(20_00), Back(20_00), Back(19_99), Back(20_01), Giving("T-2", 1),
        Holding(ForRefund, 29_99), Holding(ForRefund, 30_00)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Facts_may_be_of_any_position_the_stream_tells_the_rest()
    {
        var funds = After(MerchantFunds.Initial, Holding(ForRefund, 70_00), Giving("T-1", 20_00));

        // The log has the hold, not yet the transfer: what is left is the same 10.00.
        var later = new FundsFacts(Cny(30_00), Cny(60_00), Cny(70_00), Cny(0));
        foreach (var facts in new[] { Facts, later })
        {
            var asked = Giving("T-2", 10_01) with { Facts = facts };
            MerchantFunds.Decide(funds, asked).Rejection.ShouldBe(FundsRejection.FundsInsufficient);
            MerchantFunds.Decide(funds, asked with { Amount = Cny(10_00) }).Rejection.ShouldBeNull();
        }
    }

    [Fact]
    public void Of_a_hundred_thousand_transfers_none_is_forgotten_packed_or_not()
    {
        var known = new KnownNumbers();
        for (var i = 0; i < 100_000; i++)
            known = known.With(KnownNumbers.KeyOf($"transfer:{i}"), i + 1);
        known = known.With(KnownNumbers.KeyOf("transfer:7"), 77);
        foreach (var kept in new[] { known, new() { Packed = known.Packed } })
        {
            kept.Find(KnownNumbers.KeyOf("transfer:7")).ShouldBe(77);
            kept.Find(KnownNumbers.KeyOf("transfer:100000")).ShouldBe(0);
            for (var i = 8; i < 100_000; i += 97)
                kept.Find(KnownNumbers.KeyOf($"transfer:{i}")).ShouldBe(i + 1);
        }
    }

    private static Hold Holding(HoldId id, long fen) => new(id, TeaHouse, Cny(fen), Facts, Noon);
    private static Withhold Back(long fen) => new(new("difference:d0a1:300"), TeaHouse, Cny(fen), Noon);
    private static Release Releasing(HoldId id, long fen) => new(id, TeaHouse, Cny(fen), "never mind", Noon);
    private static SetOverdraftLimit Limit(long fen) => new(TeaHouse, Cny(fen), "contract 7", Noon);

    private static Transfer Giving(string no, long fen) =>
        new(new(no), TeaHouse, Account.Available(Noodles), Cny(fen), "rent", Facts, Friday, Noon);

    private static MerchantFunds After(MerchantFunds funds, params FundsCommand[] commands) => commands.Aggregate(
        funds, (state, command) => MerchantFunds.Decide(state, command).Events.Aggregate(state, MerchantFunds.Evolve));

    private static string StoryOf(params FundsCommand[] commands) =>
        Story.Of(MerchantFunds.Initial, MerchantFunds.Decide, MerchantFunds.Evolve, commands);
}
