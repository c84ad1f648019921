using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Rules;

using static Given;
using static MatchingRuleCommand;

/// <summary>How a rule of finance comes and goes.</summary>
public class MatchingRuleTests
{
    private static readonly MatchingTerms Cents =
        new(MatchingKind.Tolerance, ["fee_differs"], [], [], null, 2, RestTo: AccountKind.ChannelCost);

    [Fact]
    public void One_writes_it_and_another_lets_it_work() => Told(
        new Approve(1, "key:bo", Noon), Writes(Cents), Writes(Cents), Writes(Cents with { WithinMinor = 3 }),
        new Approve(1, "key:mei", Noon), new Approve(1, "key:bo", Noon), new Approve(1, "key:bo", Noon), Writes(Cents),
        Writes(Cents with { WithinMinor = 3 }), new Reject(2, "too wide", "key:bo", Noon),
        new Reject(2, "too wide", "key:bo", Noon), new Retire("no longer", "key:bo", Noon),
        new Retire("no longer", "key:bo", Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_no_rule_can_say_is_refused() => Told(
        Writes(new(MatchingKind.None, [], [], [])),
        Writes(new(MatchingKind.Tolerance, [], [], [])), Writes(Cents with { RestTo = null }),
        Writes(Cents with { RestTo = AccountKind.MerchantAvailable }), Writes(Cents with { WithinMinor = -1 }),
        Writes(new(MatchingKind.Status, [], ["SETTLED"], [])), Writes(Grouped("refund:{order}", "refund:{no}-*")),
        Writes(Grouped("refund:{order", "refund:{order}-*")), Writes(Grouped("refund:{order}", "refund:{order}-*")))
        .ShouldMatchApproved(o => o.NoDiff());

    private static MatchingTerms Grouped(string one, string many) => new(
        MatchingKind.Group, [], [], [], One: new("only_with_us", one), Many: new("only_at_channel", many));

    private static Propose Writes(MatchingTerms terms) => new(terms, "rounding", "key:mei", Noon);

    private static string Told(params MatchingRuleCommand[] commands) =>
        Story.Of(MatchingRule.Initial, MatchingRule.Decide, MatchingRule.Evolve, commands);
}
