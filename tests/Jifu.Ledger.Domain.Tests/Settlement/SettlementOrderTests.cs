using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Settlement;

using static Given;
using static SettlementCommand;

/// <summary>A payout (代付) from the order to the bank's confirmation.</summary>
public class SettlementOrderTests
{
    private static readonly BatchId Batch = new("wechatpay_2026-11-20_T1_1");
    private static readonly SettlementId Id = SettlementOrder.IdOf(Batch, TeaHouse, Currency.CNY);

    private static readonly Order Ordered = new(
        new(TeaHouse, Batch, Channel.WeChatPay, Friday, SettlementTerm.T1, Cny(198_00), "bank-77", Noon), Passed);

    private static readonly Send Sending = new(Id, Saturday, Noon);
    private static readonly MarkUnknown Silence = new($"{Id}_1", "no answer in time", Noon);
    private static readonly Confirm Confirmed = new($"{Id}_1", "bk-1", Saturday, Noon);
    private static readonly Fail Refusal = new($"{Id}_1", "ACCOUNT_CLOSED", "no such account", Saturday, Noon);

    private static readonly Return CameBack = new($"{Id}_1", "bk-9", "s-9", Saturday, Noon);

    [Fact]
    public void A_payout_is_ordered_sent_and_confirmed_once() => StoryOf(
        Sending, Ordered with { Terms = Ordered.Terms with { Amount = Cny(0) } }, Ordered, Ordered,
        Ordered with { Terms = Ordered.Terms with { Amount = Cny(198_01) } },
        Silence, Confirmed, Refusal, Sending, Sending, Confirmed, Confirmed, Confirmed with { BankReference = "bk-2" },
        Refusal, Sending, Silence, Ordered).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void An_unknown_payout_is_not_sent_again_until_a_query_tells() => StoryOf(
        Ordered, Sending, Silence, Silence, Sending, Confirmed).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_failed_payout_is_the_merchants_again_and_goes_out_under_a_new_number() => StoryOf(
        Ordered, Sending, Refusal, Refusal, Confirmed, Silence, Sending,
        Confirmed with { Reference = $"{Id}_2" })
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void An_answer_about_an_earlier_attempt_does_not_end_a_later_one() => StoryOf(
        Ordered, Sending, Refusal, Sending, Refusal, Silence, Confirmed,
        Confirmed with { Reference = $"{Id}_2" }, Refusal, Silence, Confirmed,
        Refusal with { Reference = $"{Id}_2" }).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_payout_that_came_back_is_the_merchants_again_once_and_may_go_out_under_a_new_number() => StoryOf(
        Ordered, Sending, CameBack, Confirmed, CameBack, CameBack, Confirmed, Sending, CameBack,
        Confirmed with { Reference = $"{Id}_2" }, CameBack).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_risk_holds_does_not_go_out() => StoryOf(
        Ordered with { Decision = Stopped }, Sending, Confirmed, Refusal, Ordered)
        .ShouldMatchApproved(o => o.NoDiff());

    private static string StoryOf(params SettlementCommand[] commands) =>
        Story.Of(SettlementOrder.Initial, SettlementOrder.Decide, SettlementOrder.Evolve, commands);
}
