using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Funds;

public class BalanceChainTests
{
    private static readonly DateTimeOffset Noon = new BusinessDay(new(2026, 7, 1)).Start.AddHours(12);

    // Few amounts and few moments, so that balances repeat and circles close.
    private static readonly Gen<(int Amount, int Second)[]> Movements =
        from moves in Gen.ArrayOf(
            from amount in Gen.Elements(-2, -1, 1, 2, 5)
            from second in Gen.Choose(0, 3)
            select (amount, second))
        select moves;

    [Fact]
    public void Rows_of_equal_seconds_in_any_order_are_found_to_follow_from_each_other()
    {
        var files =
            from moves in Movements
            from shuffled in Gen.Shuffle(Account(moves, 100).ToArray())
            from opening in Gen.Elements<Money?>(null, Fen(100))
            select (shuffled, opening);
        Prop.ForAll(Arb.From(files), file =>
        {
            var chain = BalanceChain.Of(Numbered(file.shuffled), file.opening);
            chain.Break.ShouldBeNull();
            if (file.shuffled.Length > 0 && file.opening is not null)
                chain.Closing.ShouldBe(Fen(100 + file.shuffled.Sum(step => step.Amount.MinorUnits)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261121, 15));
    }

    [Fact]
    public void A_break_is_found_exactly_when_no_order_of_equal_seconds_follows()
    {
        var files =
            from moves in Gen.ArrayOf(
                from amount in Gen.Elements(-1, 1, 2)
                from balance in Gen.Choose(0, 3)
                from second in Gen.Choose(0, 1)
                select new BalanceStep(Noon.AddSeconds(second), Fen(amount), Fen(balance), 0))
            from opening in Gen.Elements<Money?>(null, Fen(0), Fen(1))
            select (Steps: Numbered(moves.Take(6)), opening);
        Prop.ForAll(Arb.From(files), file =>
        {
            var chain = BalanceChain.Of(file.Steps, file.opening);
            (chain.Break is null).ShouldBe(SomeOrderFollows(file.Steps, file.opening));
            if (chain.Break is { } found)
            {
                var row = file.Steps.Single(step => step.LineNo == found.LineNo);
                row.Balance.ShouldBe(found.Found);
                found.Expected.ShouldNotBe(found.Found);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261121, 17));
    }

    [Fact]
    public void A_break_names_its_row_what_was_expected_and_what_was_found()
    {
        BalanceStep[] rows =
        [
            new(Noon, Fen(10), Fen(110), 2), new(Noon.AddSeconds(1), Fen(-4), Fen(106), 3),
            new(Noon.AddSeconds(2), Fen(1), Fen(117), 4), new(Noon.AddSeconds(3), Fen(1), Fen(118), 5),
        ];
        BalanceChain.Of(rows, null).Break.ShouldBe(new(4, 3, Fen(107), Fen(117)));
        BalanceChain.Of(rows, Fen(90)).Break.ShouldBe(new(2, 0, Fen(100), Fen(110)));
        BalanceChain.Of(rows[..2], Fen(100)).ShouldBe(new(null, Fen(100), Fen(106)));
        BalanceChain.Of([], Fen(100)).ShouldBe(new(null, Fen(100), Fen(100)));
    }

    [Fact]
    public void A_thousand_rows_of_one_second_cost_no_more_than_their_number()
    {
        var rows = Account([.. Enumerable.Range(0, 2_000).Select(at => (at % 7 < 4 ? 3 : -4, 0))], 0).Reverse();
        BalanceChain.Of(Numbered(rows), Fen(0)).Break.ShouldBeNull();
    }

    private static bool SomeOrderFollows(IReadOnlyList<BalanceStep> steps, Money? opening)
    {
        var moments = steps.GroupBy(step => step.At).OrderBy(group => group.Key).Select(group => group.ToList());
        HashSet<Money>? standing = opening is { } known ? [known] : null;
        foreach (var moment in moments)
        {
            standing = [.. (standing ?? moment.Select(step => step.Before)).SelectMany(at => Ends(moment, at))];
            if (standing.Count == 0)
                return false;
        }

        return true;
    }

    private static IEnumerable<Money> Ends(List<BalanceStep> left, Money at) => left.Count == 0
        ? [at]
        : left.Where(step => step.Before == at)
            .SelectMany(step => Ends([.. left.Where(other => other != step)], step.Balance));

    private static IEnumerable<BalanceStep> Account((int Amount, int Second)[] moves, long opening)
    {
        foreach (var (amount, second) in moves.OrderBy(move => move.Second))
        {
            opening += amount;
            yield return new(Noon.AddSeconds(second), Fen(amount), Fen(opening), 0);
        }
    }

    private static IReadOnlyList<BalanceStep> Numbered(IEnumerable<BalanceStep> steps) =>
        [.. steps.Select((step, at) => step with { LineNo = at + 2 })];

    private static Money Fen(long fen) => new(fen, Currency.CNY);
}
