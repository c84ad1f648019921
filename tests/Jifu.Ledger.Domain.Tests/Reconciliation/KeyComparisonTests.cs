using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Domain.Tests.Reconciliation;

using static Given;

/// <summary>Rows of one key: those that are the same meet first, the rest in the order of the files.</summary>
public class KeyComparisonTests
{
    // Of all keys: what it knows of one must not show in the next.
    private readonly KeyComparison compared = new(null, null, Tolerances.None);

    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, BusinessDay.Offset);

    [Fact]
    public void Rows_that_are_the_same_cancel_and_the_rest_is_paired_in_order() => Holds.ForAll(
        from theirs in Gen.ListOf(AnyRow)
        from ours in Gen.ListOf(AnyRow)
        select (theirs, ours),
        it =>
        {
            var rows = it.theirs.Select((row, at) => BillRow(row.Amount, row.Fee, at + 1)).ToList();
            var lines = it.ours.Select((row, at) => Order(row.Amount, row.Fee, at + 1)).ToList();
            if (rows.Count + lines.Count == 0)
                return;
            var (matched, theirRest, ourRest) = Naive(rows, lines);
            compared.Compare(rows, lines);

            compared.Matched.ShouldBe(matched);
            var met = compared.Differences.Where(one => one is { Theirs: not null, Ours: not null })
                .Select(one => (one.Theirs!.LineNo, one.Ours!.LineNo)).Distinct();
            met.ShouldBe(theirRest.Zip(ourRest, (row, line) => (row.LineNo, line.LineNo)));
        });

    [Fact]
    public void Refunds_of_other_payments_under_one_number_are_only_at_the_channel() => Holds.ForAll(
        from theirs in Gen.ListOf(
            from row in AnyRow
            from payment in Gen.Elements("", "A", "B", "C")
            select (row.Amount, payment))
        from ours in Gen.ListOf(AnyRow)
        select (theirs, ours),
        it =>
        {
            var rows = it.theirs.Select((row, at) => Refund(row.Amount, row.payment, at + 1)).ToList();
            var lines = it.ours.Select((row, at) =>
                Order(row.Amount, 0, at + 1) with { Kind = BillLineKind.Refund }).ToList();
            if (rows.Count + lines.Count == 0)
                return;
            var left = Naive(rows, lines).Theirs.Skip(Naive(rows, lines).Ours.Count).ToList();
            compared.Compare(rows, lines);

            // A payment of which no row was met has one that is only there; what it has besides are repetitions.
            var expected = new List<(string Class, int LineNo)>();
            foreach (var payment in left.Select(row => row.PaymentReference).Distinct())
            {
                var its = left.Where(row => row.PaymentReference == payment).Select(row => row.LineNo).ToList();
                if (its.Count == rows.Count(row => row.PaymentReference == payment))
                {
                    expected.Add(("only_at_channel", its[0]));
                    its.RemoveAt(0);
                }

                if (its.Count > 0)
                    expected.Add(("duplicate", its[0]));
            }

            compared.Differences.Where(one => one is { Theirs: not null, Ours: null })
                .Select(one => (one.What.Class, one.Theirs!.LineNo)).ShouldBe(expected);
        });

    [Fact]
    public void What_is_done_meets_before_what_is_not()
    {
        var failed = Order(5_00, 3, 1) with { Status = "failed" };
        var otherDay = Order(5_00, 3, 2) with { At = Noon.AddDays(-3) };
        var onDay = new KeyComparison(BusinessDay.Of(Noon), null, Tolerances.None);
        onDay.Compare([BillRow(5_00, 3, 1), BillRow(5_00, 3, 2)], [failed, otherDay]);

        onDay.Differences.Select(one => (one.What.Class, one.Ours!.LineNo))
            .ShouldBe([("wrong_day", 2), ("status_differs", 1)]);
    }

    private static Gen<(long Amount, long Fee)> AnyRow =>
        from amount in Gen.Choose(1, 4)
        from fee in Gen.Choose(0, 1)
        select ((long)amount, (long)fee);

    private static (int Matched, List<BillLine> Theirs, List<OrderLine> Ours) Naive(
        List<BillLine> theirs, List<OrderLine> ours)
    {
        var (rows, rest) = (theirs.ToList(), new List<OrderLine>());
        foreach (var line in ours)
        {
            var same = rows.FindIndex(row => row.Amount == line.Amount && row.Fee == line.Fee);
            if (same < 0)
                rest.Add(line);
            else
                rows.RemoveAt(same);
        }

        return (ours.Count - rest.Count, rows, rest);
    }

    private static BillLine BillRow(long amount, long fee, int line) =>
        new(BillLineKind.Payment, "p1", "4200001", Cny(amount), Cny(fee), null, Noon, line);

    private static BillLine Refund(long amount, string payment, int line) => new(
        BillLineKind.Refund, "p1", "4200001", Cny(amount), Cny(0), null, Noon, line, PaymentReference: payment);

    private static OrderLine Order(long amount, long fee, int line) =>
        new(BillLineKind.Payment, "p1", "", Cny(amount), Cny(fee), null, Noon, "", line);
}
