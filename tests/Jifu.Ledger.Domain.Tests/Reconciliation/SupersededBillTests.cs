using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Domain.Tests.Reconciliation;

using static ReconciliationEvent;

/// <summary>Bills that take each other's place, and what is left of the earlier ones: nothing.</summary>
public class SupersededBillTests
{
    private static readonly BusinessDay Day = new(new(2026, 7, 1));
    private static readonly Money Zero = Money.Zero(Currency.CNY);

    /// <summary>What a bill does with one number that both sides may know.</summary>
    private enum Row
    {
        Same, Missing, OtherAmount, OtherFee, Twice,
    }

    [Fact]
    public void However_bills_follow_each_other_suspense_holds_the_differences_of_the_last_and_no_others()
    {
        const int Numbers = 12;
        var bill = Gen.ArrayOf(Gen.Elements(Enum.GetValues<Row>()), Numbers);
        var runs =
            from ours in Gen.ArrayOf(Gen.Elements(true, true, false), Numbers)
            from bills in Gen.NonEmptyListOf(
                from rows in bill
                from killedAfter in Gen.Choose(0, 8)
                from isClosed in Gen.Elements(false, true)
                select (rows, killedAfter, isClosed))
            select (ours, bills);

        Prop.ForAll(Arb.From(runs), run =>
        {
            var lines = Enumerable.Range(0, Numbers).Where(at => run.ours[at]).Select(Line).ToList();
            var told = new List<ReconciliationEvent>();
            foreach (var (rows, killedAfter, isClosed) in run.bills)
            {
                var comparison = Comparison.Compare(
                    rows.SelectMany(RowsOf), new(Day, Currency.CNY, lines, [], []));
                var before = told.Count;
                var begun = Begun(told, isClosed ? Day.Next : null);
                told.Add(begun);

                // A killed run leaves a part behind; the next one goes on from it.
                told.AddRange(comparison.Against(Fold(told), Channel.Sandbox, Day, Day.Next.Start)
                    .SkipLast(1).Take(killedAfter).ToList());
                told.AddRange(comparison.Against(Fold(told), Channel.Sandbox, Day, Day.Next.Start).ToList());

                var stands = Fold(told);
                stands.Differences.Values.Select(Told).Order().ShouldBe(
                    comparison.Discrepancies.Select(one => $"{one.Class} {one.Key} {one.Excess}").Order());
                Suspense(told).ShouldBe(stands.Differences.Values.Select(one => -one.Excess).Aggregate(Zero, Sum));
                NothingIsToldAgain(told[before..]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20261121, 13));
    }

    [Fact]
    public void A_line_that_the_next_day_has_taken_for_its_own_stays_carried_and_a_row_for_it_is_one_too_many()
    {
        var late = Line(1) with { At = Day.Next.Start.AddMinutes(-1) };
        var day = new LedgerDay(Day, Currency.CNY, [late], [], []) { Settled = [new(CarrySide.Ours, late)] };
        Comparison.Compare([], day).Discrepancies.ShouldBeEmpty();
        var again = Comparison.Compare(RowsOf(Row.Same, 1), day);
        again.Carried.Single().Key.ShouldBe(late.Key);
        again.Discrepancies.Single().ShouldBeOfType<Discrepancy.OnlyAtChannel>().Excess.ShouldBe(late.Net);
    }

    [Fact]
    public void A_row_on_which_the_next_day_counts_is_missed_when_the_corrected_bill_lacks_it()
    {
        var early = Line(1) with { At = Day.Next.Start.AddMinutes(1) };
        var day = new LedgerDay(Day, Currency.CNY, [], [], []) { Settled = [new(CarrySide.Theirs, early)] };
        Comparison.Compare(RowsOf(Row.Same, 1), day).Discrepancies.ShouldBeEmpty();
        var missed = Comparison.Compare([], day);
        missed.Carried.Single().Side.ShouldBe("theirs");
        missed.Discrepancies.Single().ShouldBeOfType<Discrepancy.OnlyWithUs>().Excess.ShouldBe(-early.Net);
    }

    [Fact]
    public void The_amount_of_our_side_is_noted_beside_its_text_and_what_was_found_without_it_is_not_found_again()
    {
        var comparison = Comparison.Compare(
            RowsOf(Row.OtherAmount, 1), new LedgerDay(Day, Currency.CNY, [Line(1)], [], []));
        var bill = Begun([], null);
        var found = News(bill).OfType<DifferenceFound>().Single();
        (found.Ours, found.OurAmount).ShouldBe(("CNY 1.01", new(1_01, Currency.CNY)));
        News(bill, found with { OurAmount = null }).ShouldHaveSingleItem().ShouldBeOfType<Completed>();

        IEnumerable<ReconciliationEvent> News(params ReconciliationEvent[] told) =>
            comparison.Against(Fold(told), Channel.Sandbox, Day, Day.Next.Start);
    }

    private static ReconciliationEvent Begun(List<ReconciliationEvent> told, BusinessDay? on)
    {
        var (sha256, at) = ($"sha{told.Count}", Day.Next.Start);
        return Fold(told).Bill is { } old
            ? new BillSuperseded(
                Channel.Sandbox, Day, "bill", sha256, old.Sha256, "corrected", 0, Zero, Zero, Zero, at, on)
            : new BillImported(Channel.Sandbox, Day, "bill", sha256, 0, Zero, Zero, Zero, at);
    }

    private static ReconciledDay Fold(IEnumerable<ReconciliationEvent> told) =>
        told.Aggregate(ReconciledDay.Initial, ReconciledDay.Evolve);

    private static Money Suspense(IEnumerable<ReconciliationEvent> told) => told.Select(PostingRules.EntryFor)
        .OfType<JournalEntry>().SelectMany(entry => entry.Lines)
        .Where(line => line.Account == Account.Suspense(Channel.Sandbox))
        .Select(line => line.Amount).Aggregate(Zero, Sum);

    // What stands in both bills keeps its life: it is neither taken back nor found anew.
    private static void NothingIsToldAgain(IReadOnlyList<ReconciliationEvent> news)
    {
        var back = news.OfType<DifferenceTakenBack>().Select(one => $"{one.Class} {one.Key} {one.Excess}");
        back.Intersect(news.OfType<DifferenceFound>().Select(Told)).ShouldBeEmpty();
    }

    private static string Told(DifferenceFound one) => $"{one.Class} {one.Key} {one.Excess}";

    private static Money Sum(Money left, Money right) => left + right;

    private static LedgerLine Line(int at) => new(
        BillLineKind.Payment, $"n{at}", $"r{at}", new(100 + at, Currency.CNY), new(1, Currency.CNY),
        Day.Start.AddHours(12));

    private static IEnumerable<BillLine> RowsOf(Row row, int at)
    {
        var line = Line(at);
        var same = new BillLine(
            line.Kind, line.Number, line.ChannelReference, line.Amount, line.Fee, null, line.At, at + 2);
        return row switch
        {
            Row.Same => [same],
            Row.Missing => [],
            Row.OtherAmount => [same with { Amount = same.Amount + new Money(5, Currency.CNY) }],
            Row.OtherFee => [same with { Fee = same.Fee + new Money(1, Currency.CNY) }],
            Row.Twice => [same, same],
            _ => throw new ArgumentOutOfRangeException(nameof(row), row, null),
        };
    }
}
