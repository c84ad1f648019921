using System.Collections.Immutable;
using System.Text;
using Jifu.Ledger.Risk;

namespace Jifu.Ledger.Domain.Tests.Risk;

using static Given;

/// <summary>The judgement on each flow (风控): every rule is asked, and every answer is kept.</summary>
public class RiskTests
{
    private static readonly RiskFacts Coffee = new(
        FlowDirection.PaymentIn, TeaHouse, "payer-1", Cny(50_00), Cny(0), RiskLimits.None,
        ImmutableHashSet<string>.Empty, ImmutableHashSet<string>.Empty);

    private static readonly RiskLimits Tight = new(49_99, 120_00);

    [Fact]
    public void Each_rule_tells_its_result() => StoryOf(
        ("no limits, no lists", Coffee),
        ("at the limit per transaction", Coffee with { Limits = new(50_00, null) }),
        ("a fen beyond the limit per transaction", Coffee with { Limits = new(49_99, null) }),
        ("the day's volume reaches the limit", Coffee with { DayVolume = Cny(70_00), Limits = new(null, 120_00) }),
        ("a fen beyond it", Coffee with { DayVolume = Cny(70_01), Limits = new(null, 120_00) }),
        ("black-listed merchant", Coffee with { BlackList = Set("merchant:m-8") }),
        ("black-listed payer", Coffee with { BlackList = Set("payer:payer-1") }),
        ("no payer is told", Coffee with { PayerId = null, BlackList = Set("payer:payer-1") }))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void All_results_are_told_also_after_a_refusal() => StoryOf(
        ("everything against it",
            Coffee with { DayVolume = Cny(100_00), Limits = Tight, BlackList = Set("merchant:m-8") }))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void The_white_list_lifts_limits_but_not_the_black_list() => StoryOf(
        ("white-listed, beyond both limits",
            Coffee with { DayVolume = Cny(100_00), Limits = Tight, WhiteList = Set("payer:payer-1") }),
        ("white-listed and black-listed", Coffee with
        {
            DayVolume = Cny(100_00), Limits = Tight, WhiteList = Set("payer:payer-1"), BlackList = Set("merchant:m-8"),
        })).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Limits_hold_payments_and_the_black_list_holds_payouts_too() => StoryOf(
        ("a payout beyond the limits", Coffee with { Direction = FlowDirection.PayoutOut, Limits = Tight }),
        ("a payout of a black-listed merchant",
            Coffee with { Direction = FlowDirection.PayoutOut, BlackList = Set("merchant:m-8") }))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_rule_of_ones_own_plugs_in()
    {
        var decision = RiskRules.Judge(Coffee, [.. RiskRules.Standard, new NoCoffee()]);
        decision.RefusedBy.ShouldBe("no_coffee");
        decision.Results.Count.ShouldBe(RiskRules.Standard.Count + 1);
    }

    [Fact]
    public void Names_come_onto_the_lists_and_off_again()
    {
        var list = new RiskListEvent[]
        {
            new RiskListEvent.Listed("merchant:m-8", RiskListColour.Black, "fraud", Noon),
            new RiskListEvent.Listed("payer:p-1", RiskListColour.White, "ours", Noon),
            new RiskListEvent.Listed("payer:p-2", RiskListColour.White, "ours", Noon),
            new RiskListEvent.Unlisted("merchant:m-8", RiskListColour.Black, "cleared", Noon),
            new RiskListEvent.Unlisted("payer:p-2", RiskListColour.White, "left", Noon),
        }.Aggregate(RiskList.Initial, RiskList.Evolve);
        list.Black.ShouldBeEmpty();
        list.White.ShouldBe(["payer:p-1"]);
        list.Holds("payer:p-1", RiskListColour.White).ShouldBeTrue();
        list.Holds("payer:p-1", RiskListColour.Black).ShouldBeFalse();
    }

    private static ImmutableHashSet<string> Set(string name) => [name];

    private static string StoryOf(params (string What, RiskFacts Facts)[] flows)
    {
        var story = new StringBuilder();
        foreach (var (what, facts) in flows)
        {
            var decision = RiskRules.Judge(facts, RiskRules.Standard);
            story.Append($"{what}: {(decision.Passed ? "passed" : $"refused by {decision.RefusedBy}")}\n");
            foreach (var result in decision.Results)
                story.Append($"  {result.Verdict,-6} {result.Rule}: {result.Detail}\n");
        }

        return $"{story}";
    }

    private sealed class NoCoffee : IRiskRule
    {
        public string Name => "no_coffee";

        public RuleResult Judge(RiskFacts facts) => new(Name, RuleVerdict.Refuse, "tea only");
    }
}
