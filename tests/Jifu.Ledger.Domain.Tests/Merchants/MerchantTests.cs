using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Merchants;

using static Given;
using static MerchantCommand;

/// <summary>A merchant's terms and keys.</summary>
public class MerchantTests
{
    private static readonly FeePlan Plan = new([new(Channel.WeChatPay, new(6_000))], FeeOnRefund.Returned);

    private static readonly Register Registration =
        new("Tea House", "bank-77", Plan, SettlementTerm.T1, RiskLimits.None, [], Noon);

    private static readonly AddKey FirstKey = new("key-1", KeyAlgorithm.RsaSha256, "aa11", Noon);

    [Fact]
    public void A_merchant_is_registered_once_with_all_its_terms() => StoryOf(
        Registration with { Split = [PartsPerMillion("agent", 50_000)], Limits = new(500_00, null) },
        Registration with { Split = [PartsPerMillion("agent", 50_000)], Limits = new(500_00, null) },
        Registration, Registration with { Name = "Coffee House" }).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Nothing_is_known_of_a_merchant_before() => StoryOf(
        new SetFeePlan(Plan, Noon), FirstKey, new RevokeKey("key-1", Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Terms_change_when_they_differ() => StoryOf(
        Registration,
        new SetFeePlan(Plan, Noon),
        new SetFeePlan(new([.. Plan.Rates, new(Channel.Alipay, new(5_500))], FeeOnRefund.Kept), Noon),
        new SetSettlementTerm(SettlementTerm.T1, Noon), new SetSettlementTerm(SettlementTerm.T0, Noon),
        new SetSplitRules([PartsPerMillion("agent", 1)], Noon), new SetSplitRules([PartsPerMillion("agent", 1)], Noon),
        new SetSplitRules([], Noon),
        new SetRiskLimits(new(100_00, 5_000_00), Noon), new SetRiskLimits(new(100_00, 5_000_00), Noon),
        new SetRiskLimits(RiskLimits.None, Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Terms_that_make_no_sense_are_refused_by_name() => StoryOf(
        Registration with { Plan = new([new(Channel.WeChatPay, new(1_000_001))], FeeOnRefund.Returned) },
        Registration with { Split = [Fixed("agent", 1)] },
        Registration with { Limits = new(0, null) },
        Registration,
        new SetFeePlan(new([.. Plan.Rates, .. Plan.Rates], FeeOnRefund.Returned), Noon),
        new SetFeePlan(new([new(Channel.None, new(1))], FeeOnRefund.Returned), Noon),
        new SetFeePlan(new([new(Channel.Alipay, new(-1))], FeeOnRefund.Returned), Noon),
        new SetSplitRules([PartsPerMillion("agent", 600_000), PartsPerMillion("store", 400_001)], Noon),
        new SetSplitRules([PartsPerMillion("agent", 1), PartsPerMillion("agent", 2)], Noon),
        new SetRiskLimits(new(null, -1), Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Its_numbers_at_a_channel_are_told_all_at_once() => StoryOf(
        Registration,
        new SetChannelNumbers(Channel.WeChatPay, [], Noon),
        new SetChannelNumbers(Channel.WeChatPay, ["1900000999", "1900001000"], Noon),
        new SetChannelNumbers(Channel.WeChatPay, ["1900000999", "1900001000"], Noon),
        new SetChannelNumbers(Channel.Alipay, ["2088101"], Noon), new SetChannelNumbers(Channel.WeChatPay, [], Noon),
        new SetChannelNumbers(Channel.None, ["1"], Noon), new SetChannelNumbers(Channel.Alipay, [""], Noon),
        new SetChannelNumbers(Channel.Alipay, ["1 2"], Noon), new SetChannelNumbers(Channel.Alipay, ["1", "1"], Noon),
        new SetChannelNumbers(Channel.Alipay, [new('1', 33)], Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Keys_are_replaced_without_a_gap_and_never_reused() => StoryOf(
        Registration, FirstKey, FirstKey, FirstKey with { Fingerprint = "bb22" },
        new AddKey("key-2", KeyAlgorithm.HmacSha256, "cc33", Noon),
        new AddKey("key-3", KeyAlgorithm.RsaSha256, "dd44", Noon),
        new RevokeKey("key-1", Noon), new RevokeKey("key-1", Noon), FirstKey,
        new AddKey("key-3", KeyAlgorithm.RsaSha256, "dd44", Noon),
        new RevokeKey("key-9", Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_channel_without_a_rate_is_not_open()
    {
        Plan.RateFor(Channel.WeChatPay).ShouldBe(new Rate(6_000));
        Plan.RateFor(Channel.Alipay).ShouldBeNull();
    }

    private static string StoryOf(params MerchantCommand[] commands) =>
        Story.Of(Merchant.Initial, Merchant.Decide, Merchant.Evolve, commands);
}
