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
                select (amount, day, reference))
            from expected in Gen.ArrayOf(
                from amount in Gen.Elements(-30, -20, 10, 20, 30)
                from day in Gen.Choose(0, 9)
                from reference in Gen.Elements("", "REF-00001", "REF-00003")
                from channel in Gen.Elements("", "wechatpay", "alipay")
                select (amount, day, reference, channel))
            select (lines, expected);
        Prop.ForAll(Arb.From(worlds), world =>
        {
            var lines = world.lines.Select((one, at) => Line($"s{at}", one.day, one.amount, one.reference)).ToList();
            var expected = world.expected.Select((one, at) =>
                Expected($"e{at}", one.channel, one.day, one.amount, one.reference)).ToList();
            var matches = StatementMatching.Of(lines, expected);

            foreach (var match in matches)
                match.To.Sum(one => one.Amount.MinorUnits).ShouldBe(match.Line.Amount.MinorUnits);
            matches.Select(match => match.Line.Id).ShouldBeUnique();
            matches.SelectMany(match => match.To).Select(one => one.Id).ShouldBeUnique();

            // Nothing is left on both sides that one amount and one date would bring together.
            var (left, open) = (
                lines.Except(matches.Select(match => match.Line)), expected.Except(matches.SelectMany(one => one.To)));
            left.SelectMany(line => open.Where(one => one.Amount == line.Amount && one.Day <= line.Day
                && line.Day.Date.DayNumber - one.Day.Date.DayNumber <= StatementMatching.DaysMax)).ShouldBeEmpty();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121, 19));
    }

    [Fact]
    public void A_weekend_that_comes_in_one_sum_is_matched_to_its_days()
    {
        ExpectedMoney[] days =
        [
            Expected("fri", "wechatpay", 0, 100, ""), Expected("sat", "wechatpay", 1, 70, ""),
            Expected("sun", "wechatpay", 2, 80, ""), Expected("other", "alipay", 1, 55, ""),
        ];
        var match = StatementMatching.Of([Line("s1", 3, 250, "")], days).ShouldHaveSingleItem();
        (match.How, string.Join(' ', match.To.Select(one => one.Id))).ShouldBe(("sum", "fri sat sun"));

        // Two sums that would do: a person has to say which.
        StatementMatching.Of([Line("s1", 3, 125, "")], [.. days[..1], Expected("x", "wechatpay", 1, 25, ""),
            Expected("a", "alipay", 0, 60, ""), Expected("b", "alipay", 1, 65, "")]).ShouldBeEmpty();
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

    private static StatementLine Line(string id, int day, long fen, string reference) => new(
        id, Friday.Start.AddDays(day).AddHours(10), new(fen, Currency.CNY), null, reference, "", "", 1);

    private static ExpectedMoney Expected(string id, string channel, int day, long fen, string reference) =>
        new(id, channel, new(Friday.Date.AddDays(day)), new(fen, Currency.CNY), reference);
}
