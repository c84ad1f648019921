using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;
using static PaymentCommand;

/// <summary>Cancellation (撤销): in full, on the payment's own day, before anything was refunded.</summary>
public class CancelTests
{
    private static readonly RequestCancel Ask = new("wrong table", Friday, Noon);
    private static readonly ConfirmCancel Done = new("wc-1", Friday, Noon);
    private static readonly RefuseCancel Refusal = new("TRADE_STATE_ERROR", "too late", Noon);

    private static RequestCancel Covered(int no, long fen) => Ask with { No = no, Held = Cny(fen) };
    private static WithdrawCancel Forget(int no) => new(no, "nobody recorded it", Noon);

    [Fact]
    public void A_payment_is_undone_on_its_own_day_with_fee_cost_and_shares() => PaymentStory.Of(
        Create(shares: Gets("agent", 10_00)), Ask, Paid(), Done, Ask, Ask, Done, Done, Ask, Refusal,
        Refund("R-1", 1), Closing).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void The_next_day_is_too_late() => PaymentStory.Of(
        Create(), Paid(), Ask with { Day = Saturday }).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_cancellation_asked_in_time_may_be_confirmed_after_midnight() => PaymentStory.Of(
        Create(), Paid(), Ask, Done with { Day = Saturday }).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void While_it_is_being_cancelled_nothing_else_starts() => PaymentStory.Of(
        Create(), Paid(), Ask, Refund("R-1", 1), SplitAs("S-1", Fixed("agent", 1)), Refusal, Refusal,
        Refund("R-1", 1)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_was_put_aside_is_for_one_attempt_and_goes_with_its_end() => PaymentStory.Of(
        Create(), Paid(), Covered(0, 99_39), Covered(0, 99_40), Covered(0, 99_40), Refusal,
        Covered(0, 99_40), Forget(0), Covered(1, 99_40) with { Day = Saturday }, Forget(1), Forget(1),
        Covered(1, 99_40), Covered(2, 99_40), Forget(2), Done, Forget(3)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_refund_forbids_it_unless_that_refund_failed() => PaymentStory.Of(
        Create(), Paid(), Refund("R-1", 1_00), Ask, RefundFails("R-1"), Ask, Done)
        .ShouldMatchApproved(o => o.NoDiff());
}
