using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;
using static PaymentCommand;

/// <summary>A channel that says what cannot be true is written down once, and moves nothing.</summary>
public class ContradictionTests
{
    [Fact]
    public void A_notice_of_another_amount_pays_nothing_until_the_right_one_comes() => PaymentStory.Of(
        Create(), Paid(99_99), Paid(99_99), Paid(1_00), Paid(), Paid(99_99)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_notice_of_another_reference_pays_nothing_twice() => PaymentStory.Of(
        Create(), Paid(), Paid(reference: "wx-2"), Paid(reference: "wx-2"), Paid(reference: "wx-3"), Paid())
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Paid_after_closed_is_raised() => PaymentStory.Of(
        Create(), Closing, Paid(), Paid()).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Paid_after_failed_is_raised_and_so_is_failed_after_paid()
    {
        var paidLate = PaymentStory.Of(Create(), Fails, Paid(), Paid());
        var failedLate = PaymentStory.Of(Create(), Paid(), Fails, Fails);
        $"{paidLate}\n{failedLate}".ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public void A_refund_of_another_amount_reference_or_end_is_raised() => PaymentStory.Of(
        Create(), Paid(), Refund("R-1", 30_00), Refunded("R-1", 29_00), Refunded("R-1", 29_00),
        Refunded("R-1", 30_00), Refunded("R-1", 30_00, "wr-2"), Refunded("R-1", 30_00, "wr-2"),
        RefundFails("R-1"), RefundFails("R-1"),
        Refund("R-2", 10_00), RefundFails("R-2"), Refunded("R-2", 10_00), Refunded("R-2", 10_00))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_cancelled_payment_hears_its_own_success_again_quietly() => PaymentStory.Of(
        Create(), Paid(), new RequestCancel("wrong table", Friday, Noon), new ConfirmCancel("wc-1", Friday, Noon),
        Paid(), Paid(reference: "wx-2"), Paid(reference: "wx-2"), Paid(1_00)).ShouldMatchApproved(o => o.NoDiff());
}
