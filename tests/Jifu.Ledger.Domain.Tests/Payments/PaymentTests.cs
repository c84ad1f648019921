using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;
using static PaymentCommand;

/// <summary>A payment until it is paid, refused, failed or closed.</summary>
public class PaymentTests
{
    [Fact]
    public void A_payment_is_made_sent_and_paid_once() => PaymentStory.Of(
        Paid(), Closing, Create(0), Create(),
        Create(),
        new Accept("weixin://pay/1", Noon), new Accept("weixin://pay/1", Noon),
        Paid(), Paid(),
        Create()).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void The_same_order_number_with_another_body_is_refused() => PaymentStory.Of(
        Create(), Create(100_01), Create(description: "tea"), Paid(), Create(description: "tea"))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Terms_are_fixed_when_the_payment_is_made_and_a_repeat_may_come_with_newer_ones()
    {
        var later = Create() with { Terms = new(Quote(999_00), [], Saturday), Decision = Stopped };
        PaymentStory.Of(Create(), later, Paid()).ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public void What_risk_stops_never_goes_out() => PaymentStory.Of(
        Create(risk: Stopped), Create(risk: Stopped), new Accept("weixin://pay/1", Noon), Unclear, Closing,
        Refund("R-1", 1), Paid(), Paid()).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void An_unknown_outcome_is_a_state_until_a_query_tells_it_is_paid() => PaymentStory.Of(
        Create(), Unclear, Unclear, Refund("R-1", 1), Paid(), Unclear).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_payment_whose_outcome_was_unknown_may_still_wait_for_the_payer() => PaymentStory.Of(
        Create(), Unclear, new Accept("weixin://pay/1", Noon), Unclear, Fails).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_failed_payment_is_over() => PaymentStory.Of(
        Create(), Fails, Fails, Closing, Refund("R-1", 1), SplitAs("S-1", Fixed("agent", 1)),
        new RequestCancel("wrong table", Friday, Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_closed_payment_is_over() => PaymentStory.Of(
        Create(), Closing, Closing, Fails, Unclear, Refund("R-1", 1), SplitAs("S-1", Fixed("agent", 1)),
        new ConfirmCancel("wx-1", Friday, Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_paid_payment_cannot_be_closed() =>
        PaymentStory.Of(Create(), Paid(), Closing).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_corrupt_history_is_no_payment() => Should.Throw<InvalidDataException>(
        () => PaymentHistory.Of([new PaymentEvent.Closed(Noon)])).Message.ShouldContain("cannot follow");
}
