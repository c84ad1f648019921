using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Statements;

public class StatementMatchingTests
{
    private static readonly BusinessDay Friday = new(new(2026, 11, 20));

    [Fact]
    public void Whatever_is_matched_conserves_money_and_is_used_once()
    {
        var worlds =
            from lines in Gen.ArrayOf(
                from amount in Gen.Elements(-30, -20, 10, 20, 30, 50, 60)
                from day in Gen.Choose(0, 9)
                from reference in Gen.Elements("", "REF-00001", "REF-00002")
                from named in Gen.Elements("", "", "wechatpay", "alipay")
                select (amount, day, reference, named))
            from expected in Gen.ArrayOf(
                from amount in Gen.Elements(-30, -20, 10, 20, 30)
                from day in Gen.Choose(0, 9)
                from reference in Gen.Elements("", "REF-00001", "REF-00003")
                from channel in Gen.Elements("", "wechatpay", "alipay")
                from booked in Gen.Elements(true, false)
                select (amount, day, reference, channel, booked))
            select (lines, expected);
        Prop.ForAll(Arb.From(worlds), world =>
        {
            var lines = world.lines.Select((one, at) =>
                Line($"s{at}", one.day, one.amount, one.reference) with { Counterparty = one.named }).ToList();
            var expected = world.expected.Select((one, at) =>
                Expected($"e{at}", one.channel, one.day, one.amount, one.reference) with
                {
                    IsBooked = one.booked || one.channel == "",
                }).ToList();
            var matches = Match(lines, expected);

            Tie(matches);

            // Nothing is left on both sides that one amount and one date would bring together.
            var (left, open) = (
                lines.Except(matches.SelectMany(LinesOf)), expected.Except(matches.SelectMany(one => one.To)));
            left.SelectMany(line => open.Where(one => one.Amount == line.Amount && one.Day <= line.Day
                && (line.Counterparty == "" || one.Group == "" || line.Counterparty == one.Group)
                && line.Day.Date.DayNumber - one.Day.Date.DayNumber <= StatementMatching.DaysMax)).ShouldBeEmpty();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121, 19));
    }

    private static IEnumerable<StatementLine> LinesOf(MoneyMatch match) => (match.With ?? []).Prepend(match.Line);

    private static void Tie(IReadOnlyList<MoneyMatch> matches)
    {
        foreach (var match in matches)
            match.To.Sum(one => one.Amount.MinorUnits).ShouldBe(LinesOf(match).Sum(line => line.Amount.MinorUnits));
        matches.Where(match => match.With is not null).ShouldAllBe(match => !match.IsCertain && match.To.Count == 1);
        matches.SelectMany(LinesOf).Select(line => line.Id).ShouldBeUnique();
        matches.SelectMany(match => match.To).Select(one => one.Id).ShouldBeUnique();

        // Nothing is booked by an amount alone, nor by a line that names another channel.
        foreach (var match in matches.Where(match => match.IsCertain && match.How != "reference"))
            match.To.ShouldAllBe(one => one.IsBooked || match.Line.Counterparty == one.Group);
        foreach (var match in matches.Where(match => match.How != "reference" && match.Line.Counterparty != ""))
            match.To.ShouldAllBe(one => one.Group == "" || one.Group == match.Line.Counterparty);
    }

    [Fact]
    public void A_weekend_that_comes_in_one_sum_is_matched_to_its_days()
    {
        ExpectedMoney[] days =
        [
            Expected("fri", "wechatpay", 0, 100, ""), Expected("sat", "wechatpay", 1, 70, ""),
            Expected("sun", "wechatpay", 2, 80, ""), Expected("other", "alipay", 1, 55, ""),
        ];
        var match = Match([Line("s1", 3, 250, "")], days).ShouldHaveSingleItem();
        (match.How, string.Join(' ', match.To.Select(one => one.Id))).ShouldBe(("sum", "fri sat sun"));

        // Two sums that would do: a person has to say which.
        Match([Line("s1", 3, 125, "")], [.. days[..1], Expected("x", "wechatpay", 1, 25, ""),
            Expected("a", "alipay", 0, 60, ""), Expected("b", "alipay", 1, 65, "")]).ShouldBeEmpty();
    }

    /// <summary>T+1 on working days: what was earned from 30 September 2026 on comes on 8 October, after 国庆.</summary>
    [Fact]
    public void The_days_of_a_long_holiday_are_found_by_the_sum_and_alone()
    {
        var days = Enumerable.Range(0, 9)
            .Select(at => Expected($"d{at}", "wechatpay", at, 100 + (at * at), "")).ToArray();
        Told(Match([Line("s1", 10, days.Sum(day => day.Amount.MinorUnits), "")], days))
            .ShouldBe(["s1 sum d0+d1+d2+d3+d4+d5+d6+d7+d8 certain"]);
        Told(Match([Line("s1", 10, 100, "")], days)).ShouldBe(["s1 amount d0 certain"]);
        Match([Line("s1", 13, 100, "")], days).ShouldBeEmpty();
        Match([Line("s1", 10, -100, "")], [Expected("p", "", 0, -100, "")]).ShouldBeEmpty();
    }

    [Fact]
    public void An_amount_alone_is_proposed_and_a_line_that_names_the_channel_is_certain()
    {
        var owed = Expected("d", "wechatpay", 0, 500_00, "") with { IsBooked = false };
        var supplier = Line("s1", 1, 500_00, "");
        Told(Match([supplier], [owed])).ShouldBe(["s1 amount d proposed"]);
        Told(Match([supplier], [owed with { IsBooked = true }])).ShouldBe(["s1 amount d certain"]);

        // The later line names it; the other is nothing we know.
        var channel = Line("s2", 3, 500_00, "") with { Counterparty = "wechatpay" };
        Told(Match([supplier, channel], [owed])).ShouldBe(["s2 name d certain"]);
        Told(Match([channel], [owed with { Group = "alipay" }])).ShouldBeEmpty();

        // What a person has refuted is not found again.
        StatementMatching.Of([channel], [owed], Names, (line, one) => line.Id == "s2" && one.Id == "d").ShouldBeEmpty();

        // Days paid together: by name booked, without one proposed.
        ExpectedMoney[] days = [owed, Expected("e", "wechatpay", 1, 70, "") with { IsBooked = false }];
        Told(Match([Line("s3", 3, 500_70, "")], days)).ShouldBe(["s3 sum d+e proposed"]);
        Told(Match([Line("s3", 3, 500_70, "") with { Counterparty = "wechatpay" }], days))
            .ShouldBe(["s3 sum d+e certain"]);
    }

    [Fact]
    public void A_channel_is_named_by_the_other_side_in_its_usual_words_or_those_of_the_account()
    {
        Names("财付通支付科技有限公司", "货款").ShouldBe(["wechatpay"]);
        Names("支付宝（中国）网络技术有限公司", "").ShouldBe(["alipay"]);
        Names("中国银联股份有限公司", "").ShouldBe(["unionpay"]);

        // A payer writes notes; they count only where the bank tells no other side.
        Names("茶馆", "支付宝付款").ShouldBeEmpty();
        Names("", "支付宝提现").ShouldBe(["alipay"]);

        // What finance has saved for a channel takes the place of its usual words.
        Names("网商备付金", "", "alipay=备付金|网商").ShouldBe(["alipay"]);
        Names("支付宝", "", "alipay=网商").ShouldBeEmpty();
        Names("财付通", "", "alipay=网商").ShouldBe(["wechatpay"]);

        StatementMapping mapping = new("a", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "b");
        (mapping with { ChannelWords = "alipay=网商; wechatpay=财付通 | 腾讯" }).FindFlaw().ShouldBeNull();
        foreach (var wrong in new[] { "", "alipay", "alipay=网商|", "paypal=PayPal", "alipay=网商;alipay=支付宝" })
            (mapping with { ChannelWords = wrong }).FindFlaw().ShouldStartWith("channel_words names channels once");

        static IReadOnlyList<string> Names(string counterparty, string note, string? own = null) =>
            ChannelWords.NamedBy(Line("s", 0, 1, "") with { Counterparty = counterparty, Note = note }, own);
    }

    [Fact]
    public void The_same_line_in_overlapping_statements_has_one_id_and_a_second_like_it_another()
    {
        var (one, two) = (Line("", 0, 10, "r") with { Note = "short" }, Line("", 1, 10, "r"));
        var first = StatementLines.Named("a", [one, one]);
        var second = StatementLines.Named("a", [two, one with { Note = "longer", LineNo = 9 }, one, one]);
        first.Select(line => line.Id).ShouldBeUnique();
        second.Select(line => line.Id).Skip(1).Take(2).ShouldBe(first.Select(line => line.Id));
        second.Select(line => line.Id).ShouldBeUnique();
        StatementLines.Named("b", [one])[0].Id.ShouldNotBe(first[0].Id);
    }

    private static IReadOnlyList<MoneyMatch> Match(
        IEnumerable<StatementLine> lines, IEnumerable<ExpectedMoney> expected) =>
        StatementMatching.Of(lines, expected, Names, (_, _) => false);

    private static string[] Names(StatementLine line) => line.Counterparty.Length > 0 ? [line.Counterparty] : [];

    private static IEnumerable<string> Told(IReadOnlyList<MoneyMatch> matches) => matches.Select(match =>
        $"{match.Line.Id} {match.How} {string.Join('+', match.To.Select(one => one.Id))} "
        + (match.IsCertain ? "certain" : "proposed"));

    private static StatementLine Line(string id, int day, long fen, string reference) => new(
        id, Friday.Start.AddDays(day).AddHours(10), new(fen, Currency.CNY), null, reference, "", "", 1);

    private static ExpectedMoney Expected(string id, string channel, int day, long fen, string reference) =>
        new(id, channel, new(Friday.Date.AddDays(day)), new(fen, Currency.CNY), reference);
}
