using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Differences;

using static Given;

/// <summary>What finance is advised to do about a difference.</summary>
public class SuggestionTests
{
    [Fact]
    public void What_the_merchants_own_coupon_explains_is_not_asked_of_the_channel()
    {
        var held = new LedgerLine(BillLineKind.Payment, "p1", "42", Cny(10_00), Cny(4), Noon);
        var row = new BillLine(BillLineKind.Payment, "p1", "42", Cny(8_00), Cny(4), null, Noon, 1);
        Advice(row, held).ShouldBe("paid_too_little");
        Advice(row with { Ordered = Cny(10_00) }, held).ShouldBe("merchant_coupon");

        // What was ordered there is not what was ordered here: the channel has to say why.
        Advice(row with { Ordered = Cny(9_00) }, held).ShouldBe("paid_too_little");
        Advice(row with { Amount = Cny(12_00), Ordered = Cny(10_00) }, held).ShouldBe("paid_too_much");
    }

    [Fact]
    public void Of_a_refund_nobody_is_advised_to_pay_the_payer_again()
    {
        var held = new LedgerLine(BillLineKind.Refund, "p1.r1", "50", Cny(50_00), Cny(-30), Noon);
        var row = new BillLine(BillLineKind.Refund, "p1.r1", "50", Cny(45_00), Cny(-30), null, Noon, 1);

        // Half of an order of 100.00 that was paid with the merchant's coupon of 10.00: asked for 50.00, took 45.00.
        Advice(row with { Ordered = Cny(50_00) }, held).ShouldBe("merchant_coupon_refunded");
        Advice(row, held).ShouldBe("refunded_too_little");
        Advice(row with { Ordered = Cny(46_00) }, held).ShouldBe("refunded_too_little");
        Advice(row with { Amount = Cny(55_00), Ordered = Cny(50_00) }, held).ShouldBe("refunded_too_much");
        Advice(row with { Amount = Cny(49_99) }, held).ShouldBe("rounding");

        var revoked = new LedgerLine(BillLineKind.Revoke, "p1", "42", Cny(50_00), Cny(-30), Noon);
        Advice(row with { Kind = BillLineKind.Revoke, Number = "p1", ChannelReference = "42" }, revoked)
            .ShouldBe("refunded_too_little");
    }

    [Theory]
    [InlineData("only_at_channel", "payment:p1", 10_00, RemedyKind.Supplement, "held_order_not_ours")]
    [InlineData("only_at_channel", "refund:p1.r1", -10_00, RemedyKind.WriteOff, "held_too_little")]
    [InlineData("only_with_us", "payment:p1", -10_00, RemedyKind.WriteOff, "held_too_little")]
    [InlineData("wrong_merchant", "payment:p1", 10_00, RemedyKind.WriteOff, "held_too_much")]
    [InlineData("status_differs", "payment:p1", 0, RemedyKind.WriteOff, "held_no_money")]
    [InlineData("correction", "payment:p1", 0, RemedyKind.Adjust, "held_correction")]
    public void What_is_on_hold_is_never_advised_to_be_held(
        string name, string key, long excess, RemedyKind kind, string code)
    {
        var difference = new OpenDifference(
            new(Channel.WeChatPay, Friday, name, key, "", "", "", Cny(excess), 1), Cny(excess));
        Suggestion.For(difference, new(null, null, 9)).Kind.ShouldBe(RemedyKind.Hold);
        var advice = Suggestion.For(difference, new(null, null, 9, IsHeld: true));
        (advice.Kind, advice.Code).ShouldBe((kind, code));
    }

    private static string Advice(BillLine row, LedgerLine held)
    {
        var compared = Comparison.Compare([row], new(Friday, Currency.CNY, [held], [], []));
        var found = compared.Against(ReconciledDay.Initial, Channel.WeChatPay, Friday, Noon)
            .OfType<ReconciliationEvent.DifferenceFound>().Single();
        return Suggestion.For(
            new(
                new(
                    found.Channel, found.Day, found.Class, found.Key, found.Field, found.Theirs, found.Ours,
                    found.Excess, 1, found.Line, found.OurAmount, found.Ordered),
                found.Excess),
            new(null, null, 1)).Code;
    }
}
