using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;
using static PaymentCommand;

/// <summary>Refunds (退款): in part, in full, failed, unknown, repeated; never more than was paid.</summary>
public class RefundTests
{
    [Fact]
    public void Refunds_in_part_end_with_everything_back() => PaymentStory.Of(
        Create(), Refund("R-1", 33_33), Paid(),
        Refund("R-1", 33_33), Refund("R-1", 33_33), Refunded("R-1", 33_33), Refunded("R-1", 33_33),
        Refund("R-2", 33_33), Refunded("R-2", 33_33),
        Refund("R-3", 33_35), Refund("R-3", 33_34), Refunded("R-3", 33_34),
        Refund("R-4", 1)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_refund_in_full_returns_fee_and_cost() => PaymentStory.Of(
        Create(), Paid(), Refund("R-1", 100_00), Refunded("R-1", 100_00)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Where_fees_are_kept_the_merchant_stays_in_debt_for_them() => PaymentStory.Of(
        Create(onRefund: FeeOnRefund.Kept), Paid(), Refund("R-1", 100_00), Refunded("R-1", 100_00))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_failed_refund_releases_its_amount_and_its_number_stays_taken() => PaymentStory.Of(
        Create(), Paid(), Refund("R-1", 80_00), Refund("R-2", 30_00), RefundFails("R-1"), RefundFails("R-1"),
        Refund("R-1", 80_00), Refund("R-1", 70_00), Refund("R-2", 30_00)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void An_unknown_refund_holds_its_amount_until_a_query_tells() => PaymentStory.Of(
        Create(), Paid(), Refund("R-1", 80_00), new MarkRefundUnknown(new("R-1"), "no answer in time", Noon),
        new MarkRefundUnknown(new("R-1"), "no answer in time", Noon), Refund("R-2", 30_00), Refunded("R-1", 80_00),
        new MarkRefundUnknown(new("R-1"), "no answer in time", Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_refund_or_split_that_was_withdrawn_will_never_be() => PaymentStory.Of(
        Create(), Paid(), new WithdrawRefund(new("R-1"), "refund_exceeds_payment", Noon),
        new WithdrawRefund(new("R-1"), "refund_exceeds_payment", Noon), Refund("R-1", 1_00),
        Refund("R-2", 10_00) with { Held = Cny(9_93) }, Refund("R-2", 10_00) with { Held = Cny(9_95) },
        new WithdrawRefund(new("R-2"), "nobody recorded it", Noon), Refunded("R-2", 10_00),
        new WithdrawSplit(new("S-1"), "split_exceeds_payment", Noon),
        new WithdrawSplit(new("S-1"), "split_exceeds_payment", Noon), SplitAs("S-1", Fixed("agent", 1_00)),
        SplitAs("S-2", Fixed("agent", 1_00)) with { Held = Cny(1_00) },
        new WithdrawSplit(new("S-2"), "nobody recorded it", Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_refund_that_cannot_be_is_refused_by_name() => PaymentStory.Of(
        Refund("R-1", 1), Create(), Refund("R-1", 1), Paid(), Refund("R-1", 0), Refund("R-1", -1),
        new RequestRefund(new("R-1"), new(1, Currency.USD), "too cold", null, Friday, Noon),
        Refund("R-1", 100_01), Refund("R-1", 1_00), Refund("R-1", 1_00, "another reason"), Refund("R-1", 2_00),
        Refunded("R-9", 1_00), RefundFails("R-9"), new MarkRefundUnknown(new("R-9"), "no answer in time", Noon))
        .ShouldMatchApproved(o => o.NoDiff());
}
