using System.Text;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Rules;

using static Given;

/// <summary>What rules explain of a list of differences.</summary>
public class RuleMatchTests
{
    private static readonly OpenDifference[] Day =
    [
        Ours("refund:p17", 30_00), Theirs("refund:p17-1", -10_00), Theirs("refund:p17-2", -20_00),
        Ours("refund:p18", 30_00), Theirs("refund:p18-1", -10_00), Theirs("refund:p18-2", -19_99),
        Ours("refund:p19", 30_00), Theirs("refund:p19-1", -10_00),
        Ours("payment:p20", -5_00), Ours("payment:p21", -7_00), Theirs("payment:BATCH77", 11_90),
        Of("fee_differs", "payment:p30", "fee", "CNY 0.31", "CNY 0.30", -1),
        Of("fee_differs", "payment:p31", "fee", "CNY 0.50", "CNY 0.30", -20),
        Of("amount_differs", "payment:p32", "amount", "CNY 1000.05", "CNY 1000.00", 5),
        Of("status_differs", "payment:p33", "status", "SETTLED", "success", 0),
        Of("status_differs", "payment:p34", "status", "REVERSED", "success", 0),
    ];

    [Fact]
    public void A_tolerance_takes_what_is_small_enough() => Told(
        new(MatchingKind.Tolerance, ["fee_differs"], [], [], Channel.WeChatPay, 2, RestTo: AccountKind.ChannelCost),
        new(MatchingKind.Tolerance, ["amount_differs"], [], [], null, 0, 50, AccountKind.DifferenceResult),
        new(MatchingKind.Tolerance, ["amount_differs"], [], [], null, 0, 49, AccountKind.DifferenceResult),
        new(MatchingKind.Tolerance, ["fee_differs"], [], [], Channel.Alipay, 2, RestTo: AccountKind.ChannelCost))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Two_words_for_one_status_are_the_same() => Told(
        new MatchingTerms(MatchingKind.Status, [], ["SETTLED", "DONE"], ["success"]))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_group_ties_as_a_whole_or_not_at_all() => Told(
        Split(), Split() with { WithinMinor = 1, RestTo = AccountKind.DifferenceResult },
        new(
            MatchingKind.Group, [], [], [], null, 10, 0, AccountKind.ChannelCost,
            One: new("only_at_channel", "payment:BATCH*"), Many: new("only_with_us", "payment:*")))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Days_lie_no_further_apart_than_the_rule_says()
    {
        OpenDifference[] two = [Ours("refund:p1", 30_00), Theirs("refund:p1-1", -30_00, Saturday)];
        RuleMatch.Of(Split(), two).ShouldBeEmpty();
        RuleMatch.Of(Split() with { DaysApartMax = 1 }, two).Count.ShouldBe(1);
    }

    [Fact]
    public void Two_that_could_be_the_one_are_left_to_people() => RuleMatch.Of(
        Split() with { One = new("only_with_us", "refund:*{order}") },
        [Ours("refund:ap1", 30_00), Ours("refund:bp1", 30_00), Theirs("refund:p1-1", -30_00)])
        .ShouldBeEmpty();

    private static MatchingTerms Split() => new(
        MatchingKind.Group, [], [], [], One: new("only_with_us", "refund:{order}"),
        Many: new("only_at_channel", "refund:{order}-*"));

    private static OpenDifference Ours(string key, long fen) =>
        Of("only_with_us", key, "line", "", $"{Cny(Math.Abs(fen))}", fen);

    private static OpenDifference Theirs(string key, long fen, BusinessDay? day = null) =>
        Of("only_at_channel", key, "line", $"{Cny(Math.Abs(fen))}", "", fen, day);

    private static OpenDifference Of(
        string @class, string key, string field, string theirs, string ours, long fen, BusinessDay? day = null) => new(
        new(Channel.WeChatPay, day ?? Friday, @class, key, field, theirs, ours, Cny(fen), 1), Cny(fen));

    private static string Told(params MatchingTerms[] rules)
    {
        var told = new StringBuilder();
        foreach (var terms in rules)
        {
            terms.Fault.ShouldBeNull();
            told.Append(Telling.Of(terms)).Append('\n');
            foreach (var match in RuleMatch.Of(terms, Day))
            {
                told.Append($"  rest {match.Rest}\n");
                foreach (var member in match.Members)
                    told.Append($"    {member.Difference.Finding.Key}: {string.Join(", ", member.Shares)}\n");
            }
        }

        return $"{told}";
    }
}
