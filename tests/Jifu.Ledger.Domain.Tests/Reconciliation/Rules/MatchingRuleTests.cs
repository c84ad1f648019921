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

    private static readonly MatchingTerms Words = new(MatchingKind.Status, [], ["SETTLED"], ["success"]);

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

    [Fact]
    public void What_is_wrong_with_a_rule_is_told_by_its_field() => string.Concat(new[]
    {
        new(MatchingKind.None, [], [], []), new(MatchingKind.Tolerance, [], [], []), Cents with { WithinMinor = 0 },
        Cents with { RestTo = null }, Cents with { RestTo = AccountKind.Bank }, Cents with { WithinPpm = 100_001 },
        Cents with { Where = new(Merchant: "m-{") }, Cents with { Where = new(FromMinor: -1) },
        Cents with { Where = new(FromMinor: 5, ToMinor: 4) }, new(MatchingKind.Status, [], [], ["success"]),
        new(MatchingKind.Group, [], [], []), Grouped("a", "b") with { Many = new("", "b") }, Grouped("", "b"),
        Grouped("{order}", "b"), Grouped("{order}", "{no}"), Grouped("a", "b") with { DaysApartMax = 32 },
        Grouped("{order}", "b") with { One = new("only_with_us", "{order}", Order: "{order}") },
        Grouped("a", "b") with { MembersMax = 0 }, Grouped("a", "b") with { LeftOutMax = 501 },
        Grouped("a", "b") with { MembersMax = 1, LeftOutMax = 1 }, Grouped("a", "b") with { WithinMinor = 1 },
        Grouped("a", "b") with { Where = new() }, Grouped("a", "b"), Cents with { WithinMinor = long.MaxValue },
        Cents with { Classes = ["fee_differs", "fee_difers"] }, Cents with { Classes = ["correction"] },
        Cents with { Where = new("fee_difers") }, Grouped("a", "b") with { One = new("only_with_you", "a") },
        Grouped("a", "b") with { Many = new("correction", "b") }, Cents with { MembersMax = 3 },
        Cents with { Theirs = ["SETTLED"] }, Cents with { One = new("only_with_us") }, Words with { WithinMinor = 2 },
        Words with { RestTo = AccountKind.ChannelCost }, Grouped("a", "b") with { Classes = ["fee_differs"] }, Words,
    }.Select(terms => $"{terms.Fault?.ToString() ?? "nothing"}\n")).ShouldMatchApproved(o => o.NoDiff());

    private static MatchingTerms Grouped(string one, string many) => new(
        MatchingKind.Group, [], [], [], One: new("only_with_us", one), Many: new("only_at_channel", many));

    private static Propose Writes(MatchingTerms terms) => new(terms, "rounding", "key:mei", Noon);

    private static string Told(params MatchingRuleCommand[] commands) =>
        Story.Of(MatchingRule.Initial, MatchingRule.Decide, MatchingRule.Evolve, commands);
}
