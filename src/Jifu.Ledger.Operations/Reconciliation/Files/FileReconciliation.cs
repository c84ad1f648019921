using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Two files to compare: a channel's bill and an order export from any system.</summary>
/// <param name="Day">The day of the bill: each of its rows must belong to it, and orders of other days are not expected
/// in it. Null to compare whole files, whatever the days.</param>
/// <param name="Merchant">The merchant number that each row of the bill must have, and whose orders are expected in it;
/// null for any.</param>
/// <param name="DifferencesPath">Where to write all differences as CSV; null not to.</param>
/// <param name="Tolerances">Null for none but the channel's own cut-off (跨日).</param>
/// <param name="KeptMax">So many differences are in the result; the file at <paramref name="DifferencesPath"/> has all.
/// </param>
public sealed record FileReconciliationRequest(
    string BillPath, Channel Channel, string OrdersPath, OrderMapping Mapping, BusinessDay? Day = null,
    string? Merchant = null, string? DifferencesPath = null, Tolerances? Tolerances = null, int KeptMax = 200_000)
{
    /// <summary>What is tolerated: nothing but the channel's own end of the day, unless it is told.</summary>
    internal Tolerances Tolerated => Tolerances ?? new() { CutOff = LedgerDay.MarginOf(Channel) };

    /// <summary>Which kinds of trades the bill lists, as far as is known.</summary>
    internal BillCoverage Coverage { get; init; } = BillCoverage.All;

    /// <summary>Whether the bill should hold an order.</summary>
    internal bool Expects(OrderLine line) => line.CountsOn(Day, Merchant) && Coverage.Covers(line.Kind);

    /// <summary>Why it should not; none when it should.</summary>
    internal LeftOutReason WhyLeftOut(OrderLine line) => Expects(line) ? LeftOutReason.None
        : line is { Number: SumRow.Word, Status: SumRow.Word } ? LeftOutReason.Sum
        : line is { Kind: BillLineKind.Refund, Status: RefundsByPayment.Elsewhere } ? LeftOutReason.RefundElsewhere
        : line.Status is not null ? LeftOutReason.NotDone
        : !Coverage.Covers(line.Kind) ? LeftOutReason.OtherKind
        : !line.CountsOn(Day) ? LeftOutReason.OtherDay
        : LeftOutReason.OtherMerchant;
}

/// <summary>How far it is.</summary>
/// <param name="Step">What is being done, for people: <c>reading</c>, <c>reading again</c>,
/// <c>looking at what differs</c>, <c>joining</c>.</param>
/// <param name="Bytes">Of both files together, in this step.</param>
public sealed record FileReconciliationProgress(string Step, long Bytes, long BytesTotal);

/// <summary>What one file sums up to; amounts are minor units of CNY, positive.</summary>
/// <param name="RefundedMinor">Refunds and revocations.</param>
/// <param name="FeeMinor">Charged less returned, each row's rounded to fen.</param>
public readonly record struct SideTotals(
    long Rows, long PaymentRows, long RefundRows, long PaidMinor, long RefundedMinor, long FeeMinor)
{
    public static readonly SideTotals None = new(0, 0, 0, 0, 0, 0);

    /// <summary>What the channel owes for all of it.</summary>
    public long NetMinor => PaidMinor - RefundedMinor - FeeMinor;

    internal static SideTotals Of(BillLineKind kind, Money amount, Money fee) => kind is BillLineKind.Payment
        ? new(1, 1, 0, amount.MinorUnits, 0, fee.MinorUnits)
        : new(1, 0, 1, 0, amount.MinorUnits, fee.MinorUnits);

    public static SideTotals operator -(SideTotals left, SideTotals right) => new(
        left.Rows - right.Rows, left.PaymentRows - right.PaymentRows, left.RefundRows - right.RefundRows,
        left.PaidMinor - right.PaidMinor, left.RefundedMinor - right.RefundedMinor, left.FeeMinor - right.FeeMinor);

    public static SideTotals operator +(SideTotals left, SideTotals right) => new(
        left.Rows + right.Rows, left.PaymentRows + right.PaymentRows, left.RefundRows + right.RefundRows,
        left.PaidMinor + right.PaidMinor, left.RefundedMinor + right.RefundedMinor, left.FeeMinor + right.FeeMinor);
}

/// <summary>One difference of two files; see docs/concepts/reconciliation.md for the classes.</summary>
/// <param name="ExcessMinor">What the channel owes us beyond our orders; negative when it owes less.</param>
/// <param name="BillLine">The line of the bill, from 1; null when it stands in the orders only.</param>
/// <param name="OrdersLine">The line of the order export, from 1; null when it stands in the bill only.</param>
/// <param name="Reference">The channel's own number, where one of the files tells it.</param>
public sealed record FileDifference(
    string Class, string Key, BillLineKind Kind, string Number, string Field, string Theirs, string Ours,
    long ExcessMinor, int? BillLine, int? OrdersLine, string Merchant, string Reference, DateTimeOffset? At);

/// <summary>What came of comparing two files.</summary>
/// <param name="Ours">The orders that the bill should hold: done, of its day and of its merchant.</param>
/// <param name="LeftOut">Rows of the orders that count nowhere: sums, not done, of another day or merchant, or of a
/// kind that the bill does not list.</param>
/// <param name="Matched">Rows of the bill that an order says too.</param>
/// <param name="DifferenceCount">All of them; <paramref name="Differences"/> may stop earlier.</param>
/// <param name="Differences">In the order of the bill, then of the orders.</param>
/// <param name="Sums">Of all differences, however many are listed.</param>
/// <param name="ExcessMinor">Of all differences together.</param>
/// <param name="CutOffMinor">What the cut-off puts between both sides: of rows that only the bill has under this day,
/// less those that only the orders have.</param>
/// <param name="ToleratedMinor">What tolerated differences make together. Then
/// <c>Theirs.NetMinor = Ours.NetMinor + ExcessMinor + CutOffMinor + ToleratedMinor + UntoldFeeMinor</c>.</param>
/// <param name="UntoldFeeMinor">Fees of rows whose orders do not tell any; negative when charged.</param>
/// <param name="Coverage">Which kinds of trades the bill lists; orders of others were not compared.</param>
/// <param name="Method">How: <c>difference sketch</c>, or <c>exact external join: …</c> with the reason.</param>
public sealed record FileReconciliationResult(
    SideTotals Theirs, SideTotals Ours, LeftOutRows LeftOut, long Matched, long DifferenceCount,
    IReadOnlyList<FileDifference> Differences, IReadOnlyCollection<DifferenceSum> Sums, long ExcessMinor,
    long CutOffMinor, long ToleratedMinor, long UntoldFeeMinor, BillCoverage Coverage, string Method, double Seconds)
{
    /// <summary>How many rows of the orders were not compared.</summary>
    public long OthersRows => LeftOut.All;

    /// <summary>How many there are of each class.</summary>
    public IReadOnlyDictionary<string, long> CountByClass => new SortedDictionary<string, long>(
        Sums.GroupBy(sum => sum.Class).ToDictionary(group => group.Key, group => group.Sum(sum => sum.Count)),
        StringComparer.Ordinal);
}

/// <summary>All differences of one class about one merchant, in minor units.</summary>
public sealed class DifferenceSum(string ofClass, string merchant)
{
    public string Class { get; } = ofClass;
    public string Merchant { get; } = merchant;
    public long Count { get; private set; }
    public long ExcessMinor { get; private set; }

    /// <summary>Too much and too little, both counted as positive.</summary>
    public long AbsoluteMinor { get; private set; }

    internal void Add(long excessMinor)
    {
        Count++;
        ExcessMinor += excessMinor;
        AbsoluteMinor += Math.Abs(excessMinor);
    }

    internal void Add(DifferenceSum more)
    {
        Count += more.Count;
        ExcessMinor += more.ExcessMinor;
        AbsoluteMinor += more.AbsoluteMinor;
    }
}
