namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Why a row of an order export is not expected in the bill. The first reason that holds counts.</summary>
public enum LeftOutReason
{
    None = 0,

    /// <summary>It sums up others (合计), is empty, or is of a printed page: headings once more, or a footer.</summary>
    Sum = 1,

    NotDone = 2,

    /// <summary>Of a kind that the bill does not list.</summary>
    OtherKind = 3,

    OtherDay = 4,
    OtherMerchant = 5,

    /// <summary>Not a row, but what its order was refunded beyond the bill's refunds: on another day, or not at the
    /// channel.</summary>
    RefundElsewhere = 6,
}

/// <summary>How many rows of an order export were not compared, by reason.</summary>
public readonly record struct LeftOutRows(
    long Sums, long NotDone, long OtherKinds, long OtherDays, long OtherMerchants,
    long RefundsElsewhere)
{
    internal const int Reasons = (int)LeftOutReason.RefundElsewhere + 1;

    public long All => Sums + NotDone + OtherKinds + OtherDays + OtherMerchants + RefundsElsewhere;

    /// <summary>Each reason that some rows have, with how many have it.</summary>
    public IEnumerable<(LeftOutReason Why, long Rows)> ByReason() => new[]
    {
        (LeftOutReason.Sum, Sums), (LeftOutReason.NotDone, NotDone), (LeftOutReason.OtherKind, OtherKinds),
        (LeftOutReason.OtherDay, OtherDays), (LeftOutReason.OtherMerchant, OtherMerchants),
        (LeftOutReason.RefundElsewhere, RefundsElsewhere),
    }.Where(each => each.Item2 > 0);

    /// <param name="counts">By reason.</param>
    internal static LeftOutRows Of(ReadOnlySpan<long> counts) => new(
        counts[(int)LeftOutReason.Sum], counts[(int)LeftOutReason.NotDone], counts[(int)LeftOutReason.OtherKind],
        counts[(int)LeftOutReason.OtherDay], counts[(int)LeftOutReason.OtherMerchant],
        counts[(int)LeftOutReason.RefundElsewhere]);

    internal static LeftOutRows OfSums(long rows) => new(rows, 0, 0, 0, 0, 0);

    public static LeftOutRows operator +(LeftOutRows left, LeftOutRows right) => new(
        left.Sums + right.Sums, left.NotDone + right.NotDone, left.OtherKinds + right.OtherKinds,
        left.OtherDays + right.OtherDays, left.OtherMerchants + right.OtherMerchants,
        left.RefundsElsewhere + right.RefundsElsewhere);
}
