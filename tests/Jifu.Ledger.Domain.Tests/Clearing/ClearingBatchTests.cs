using Jifu.Ledger.Clearing;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Clearing;

using static ClearingCommand;
using static Given;

/// <summary>A clearing batch (清分): opened once, each merchant once, closed once.</summary>
public class ClearingBatchTests
{
    private static readonly BatchId Batch = ClearingBatch.IdOf(Channel.WeChatPay, Friday, SettlementTerm.T1, 1);

    private static readonly Open NextDay =
        new(Channel.WeChatPay, Friday, SettlementTerm.T1, 1, [], Saturday, Noon);

    private static readonly Open SameDay =
        new(Channel.WeChatPay, Friday, SettlementTerm.T0, 1, [TeaHouse], Friday, Noon);

    private static readonly MerchantPosition Tea = Position("m-8", gross: 300_00, refunded: 100_00);
    private static readonly MerchantPosition Books = Position("m-9", gross: 50_00, refunded: 80_00);

    private static readonly Clear All = new(Batch, [Tea, Books], Noon);

    [Fact]
    public void A_day_is_cleared_when_it_is_over() => StoryOf(
        All, new Close(Noon), NextDay with { Today = Friday }, NextDay with { Today = Friday.Previous }, NextDay,
        All, new Close(Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_second_start_changes_nothing_wherever_the_first_was_killed() => StoryOf(
        NextDay, NextDay, new Clear(Batch, [Tea], Noon), NextDay, All, All, new Close(Noon), NextDay, All,
        new Close(Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void One_name_has_one_set_of_terms() => StoryOf(
        NextDay, NextDay with { Channel = Channel.Alipay }, NextDay with { Run = 2 }, SameDay)
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_negative_net_is_carried_and_the_next_batch_begins_with_it()
    {
        var next = Position("m-9", gross: 100_00, broughtForward: Books.CarriedForward.MinorUnits);
        var lasting = Position("m-9", gross: 1_00, broughtForward: Books.CarriedForward.MinorUnits);
        StoryOf(NextDay, new Clear(Batch, [Books], Noon), new Close(Noon))
            .ShouldContain($"carriedForward: [{Books.Net}]");
        $"{Told(Books)}\n{Told(next)}\n{Told(lasting)}".ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public void What_is_paid_out_on_the_same_day_is_our_advance() => StoryOf(
        SameDay with { Today = Saturday }, SameDay with { Merchants = [] }, SameDay,
        SameDay with { Today = Saturday }, All with { Batch = new("wechatpay_2026-11-20_T0_1") }, new Close(Noon))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Currencies_are_cleared_and_summed_apart() => StoryOf(
        NextDay, new Clear(Batch, [Tea, Dollars(Tea)], Noon), new Close(Noon)).ShouldMatchApproved(o => o.NoDiff());

    private static MerchantPosition Position(
        string merchant, long gross, long refunded = 0, long broughtForward = 0) => new(
            new(merchant), gross > 0 ? 1 : 0, refunded > 0 ? 1 : 0, Cny(gross), Cny(refunded), Cny(gross / 100),
            Cny(0), Cny(broughtForward));

    private static MerchantPosition Dollars(MerchantPosition position)
    {
        static Money InDollars(Money money) => money with { Currency = Currency.USD };
        return position with
        {
            Gross = InDollars(position.Gross), Refunded = InDollars(position.Refunded),
            Fees = InDollars(position.Fees), Splits = InDollars(position.Splits),
            BroughtForward = InDollars(position.BroughtForward),
        };
    }

    private static string Told(MerchantPosition position) =>
        $"{position.Gross} - {position.Refunded} - {position.Fees} - {position.Splits} + {position.BroughtForward}"
        + $" = {position.Net}: payable {position.Payable}, carried forward {position.CarriedForward}";

    private static string StoryOf(params ClearingCommand[] commands) =>
        Story.Of(ClearingBatch.Initial, ClearingBatch.Decide, ClearingBatch.Evolve, commands);
}
