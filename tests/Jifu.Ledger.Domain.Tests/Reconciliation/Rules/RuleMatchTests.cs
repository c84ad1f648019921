using System.Text;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation;
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
    public void A_share_is_of_the_amount_that_was_noted_and_of_the_text_only_where_none_was()
    {
        var share = new MatchingTerms(
            MatchingKind.Tolerance, ["amount_differs"], [], [], null, 0, 50, AccountKind.DifferenceResult);
        var noted = Of("amount_differs", "payment:p32", "amount", "1,000.05 yuan", "1,000.00 yuan", 5);
        Fits(noted).ShouldBeFalse();
        Fits(noted with { Finding = noted.Finding with { OurAmount = Cny(1000_00) } }).ShouldBeTrue();
        Fits(noted with { Finding = noted.Finding with { OurAmount = Cny(999_99) } }).ShouldBeFalse();
        Fits(noted with { Finding = noted.Finding with { Ours = "CNY 1000.00" } }).ShouldBeTrue();

        bool Fits(OpenDifference one) => RuleFindings.Of(share, [one]).Matches.Count == 1;
    }

    [Fact]
    public void A_correction_is_left_to_people_also_by_a_rule_that_names_it()
    {
        var terms = new MatchingTerms(
            MatchingKind.Tolerance, ["correction"], [], [], null, 2, RestTo: AccountKind.ChannelCost);
        RuleFindings.Of(terms, [Of("correction", "correction:E22.1", "correction", "CNY 12.00", "", 0)]).Matches
            .ShouldBeEmpty();
    }

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
        RuleFindings.Of(Split(), two).Matches.ShouldBeEmpty();
        RuleFindings.Of(Split() with { DaysApartMax = 1 }, two).Matches.Count.ShouldBe(1);
    }

    [Fact]
    public void Two_that_could_be_the_one_are_left_to_people()
    {
        var findings = RuleFindings.Of(
            Split() with { One = new("only_with_us", "refund:{order}/*") },
            [Ours("refund:p1/a", 30_00), Ours("refund:p1/b", 30_00), Theirs("refund:p1-1", -30_00)]);
        findings.Matches.ShouldBeEmpty();
        findings.Undecided.Select(one => one.Why).ShouldBe([Undecidable.Contested, Undecidable.Contested]);
    }

    [Fact]
    public void One_settlement_of_many_orders_leaves_out_what_rolls_over()
    {
        OpenDifference[] day =
        [
            Theirs("payment:BATCH77", 60_00), Ours("payment:p1", -10_00), Ours("payment:p2", -20_00),
            Ours("payment:p3", -30_00), Ours("payment:p4", -44_00), Ours("payment:p5", -5_00),
        ];
        var terms = new MatchingTerms(
            MatchingKind.Group, [], [], [], One: new("only_at_channel", "payment:BATCH*"),
            Many: new("only_with_us", Kind: "payment"), LeftOutMax: 2);
        KeysOf(RuleFindings.Of(terms, day)).ShouldBe(["payment:BATCH77 payment:p1 payment:p2 payment:p3"]);

        // With one more of 10 yuan it could be either: nothing is taken, and both are shown.
        var either = RuleFindings.Of(terms with { LeftOutMax = 3 }, [.. day, Ours("payment:p6", -10_00)]);
        either.Matches.ShouldBeEmpty();
        var left = either.Undecided.Single();
        (left.Why, left.Candidates, left.One.Finding.Key).ShouldBe((Undecidable.Ambiguous, 6, "payment:BATCH77"));
        left.Fitting.SelectMany(lines => lines).Select(line => line.Finding.Key).ShouldContain("payment:p6");
    }

    [Fact]
    public void A_second_deduction_and_the_refund_that_ends_it_belong_to_one_order()
    {
        var terms = new MatchingTerms(
            MatchingKind.Group, [], [], [], DaysApartMax: 3, One: new("duplicate", "payment:{order}"),
            Many: new("only_at_channel", Kind: "refund", Order: "{order}"));
        terms.Fault.ShouldBeNull();
        OpenDifference[] days =
        [
            Of("duplicate", "payment:p17", "rows", "2", "1", 30_00),
            Of("duplicate", "payment:p18", "rows", "2", "1", 30_00),
            Theirs("refund:501", -30_00, Saturday, new(Order: "p17")), Theirs("refund:502", -30_00, Saturday),
        ];
        KeysOf(RuleFindings.Of(terms, days)).ShouldBe(["payment:p17 refund:501"]);
    }

    [Fact]
    public void A_rule_asks_for_every_field_of_a_line()
    {
        var cents = new MatchingTerms(
            MatchingKind.Tolerance, ["fee_differs"], [], [], WithinMinor: 5, RestTo: AccountKind.ChannelCost);
        var line = Of("fee_differs", "payment:p1", "fee", "CNY 0.31", "CNY 0.30", -3, null, new("m-8", "4200", "p1"));
        Fits(new()).ShouldBeTrue();
        Fits(new(Merchant: "m-8", Reference: "42*", Order: "p1", Kind: "payment", Key: "*:p1")).ShouldBeTrue();
        Fits(new(Merchant: "m-9")).ShouldBeFalse();
        Fits(new(Kind: "refund")).ShouldBeFalse();
        Fits(new(OrderReference: "{any}")).ShouldBeFalse();
        Fits(new(OrderReference: "*")).ShouldBeTrue();
        Fits(new(FromMinor: 3, ToMinor: 3)).ShouldBeTrue();
        Fits(new(FromMinor: 4)).ShouldBeFalse();
        Fits(new(ToMinor: 2)).ShouldBeFalse();
        Fits(new("amount_differs")).ShouldBeFalse();

        bool Fits(LineTerms where) => RuleFindings.Of(cents with { Where = where }, [line]).Matches.Count == 1;
    }

    private static IEnumerable<string> KeysOf(RuleFindings findings) => findings.Matches.Select(
        match => string.Join(' ', match.Members.Select(member => member.Difference.Finding.Key).Order()));

    private static MatchingTerms Split() => new(
        MatchingKind.Group, [], [], [], One: new("only_with_us", "refund:{order}"),
        Many: new("only_at_channel", "refund:{order}-*"));

    private static OpenDifference Ours(string key, long fen) =>
        Of("only_with_us", key, "line", "", $"{Cny(Math.Abs(fen))}", fen);

    private static OpenDifference Theirs(string key, long fen, BusinessDay? day = null, LineFacts? facts = null) =>
        Of("only_at_channel", key, "line", $"{Cny(Math.Abs(fen))}", "", fen, day, facts);

    private static OpenDifference Of(
        string @class, string key, string field, string theirs, string ours, long fen, BusinessDay? day = null,
        LineFacts? facts = null) => new(
        new(Channel.WeChatPay, day ?? Friday, @class, key, field, theirs, ours, Cny(fen), 1, facts), Cny(fen));

    private static string Told(params MatchingTerms[] rules)
    {
        var told = new StringBuilder();
        foreach (var terms in rules)
        {
            terms.Fault.ShouldBeNull();
            told.Append(Telling.Of(terms)).Append('\n');
            foreach (var match in RuleFindings.Of(terms, Day).Matches)
            {
                told.Append($"  rest {match.Rest}\n");
                foreach (var member in match.Members)
                    told.Append($"    {member.Difference.Finding.Key}: {string.Join(", ", member.Shares)}\n");
            }
        }

        return $"{told}";
    }
}
