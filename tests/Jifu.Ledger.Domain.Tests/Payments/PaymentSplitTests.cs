namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;

/// <summary>Splits (分账) of a payment: by its terms as soon as it is paid, by command after.</summary>
public class PaymentSplitTests
{
    [Fact]
    public void Shares_of_the_terms_are_given_when_it_is_paid() => PaymentStory.Of(
        Create(shares: [Gets("agent", 10_00), Gets("store", 5_00)]), Paid(), Paid(),
        SplitAs("terms", Fixed("agent", 10_00), Fixed("store", 5_00))).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_fixed_share_and_a_rate_leave_the_remainder_with_the_merchant() => PaymentStory.Of(
        Create(99_99), Paid(99_99), SplitAs("S-1", Fixed("agent", 10_00), PartsPerMillion("store", 333_333)),
        SplitAs("S-1", Fixed("agent", 10_00), PartsPerMillion("store", 333_333)),
        SplitAs("S-1", Fixed("agent", 11_00))).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void No_more_can_be_given_than_is_the_merchants() => PaymentStory.Of(
        SplitAs("S-1", Fixed("agent", 1)), Create(), SplitAs("S-1", Fixed("agent", 1)), Paid(),
        SplitAs("S-1", Fixed("agent", 99_41)), SplitAs("S-1", Fixed("agent", 60_00)),
        SplitAs("S-2", Fixed("store", 39_41)), SplitAs("S-2", Fixed("store", 39_40)), SplitAs("S-3", Fixed("guide", 1)))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Rules_that_make_no_sense_are_refused_by_name() => PaymentStory.Of(
        Create(), Paid(), SplitAs("S-1"), SplitAs("S-1", Fixed("agent", 1), Fixed("agent", 2)),
        SplitAs("S-1", Fixed("agent", 0)), SplitAs("S-1", Fixed("agent", -1)),
        SplitAs("S-1", PartsPerMillion("agent", 0)),
        SplitAs("S-1", PartsPerMillion("agent", 1_000_001))).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_share_that_rounds_down_to_nothing_is_no_share() => PaymentStory.Of(
        Create(99), Paid(99), SplitAs("S-1", PartsPerMillion("agent", 10_000)),
        SplitAs("S-1", PartsPerMillion("agent", 10_000)),
        SplitAs("S-2", Fixed("agent", 1), PartsPerMillion("store", 1)))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Refunds_take_shares_back_in_proportion_and_in_full_at_the_end() => PaymentStory.Of(
        Create(shares: [Gets("agent", 10_01)]), Paid(),
        Refund("R-1", 33_33), Refunded("R-1", 33_33), Refund("R-2", 33_33), Refunded("R-2", 33_33),
        Refund("R-3", 33_34), Refunded("R-3", 33_34)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_split_made_after_a_refund_is_taken_back_by_later_refunds_only() => PaymentStory.Of(
        Create(), Paid(), Refund("R-1", 40_00), Refunded("R-1", 40_00), SplitAs("S-1", Fixed("agent", 30_00)),
        Refund("R-2", 30_00), Refunded("R-2", 30_00), Refund("R-3", 30_00), Refunded("R-3", 30_00))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_failed_refund_takes_no_share_back() => PaymentStory.Of(
        Create(shares: [Gets("agent", 10_00)]), Paid(), Refund("R-1", 50_00), RefundFails("R-1"),
        Refund("R-2", 100_00), Refunded("R-2", 100_00)).ShouldMatchApproved(o => o.NoDiff());
}
