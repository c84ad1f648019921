using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>What one side of a reconciliation comes to; amounts in minor units, positive.</summary>
/// <param name="RefundedMinor">Refunds and revocations.</param>
/// <param name="FeeMinor">Charged less returned.</param>
public sealed record ReportSide(
    long Rows, long PaymentRows, long RefundRows, long PaidMinor, long RefundedMinor, long FeeMinor)
{
    public static readonly ReportSide None = new(0, 0, 0, 0, 0, 0);

    public long NetMinor => checked(PaidMinor - RefundedMinor - FeeMinor);

    /// <summary>With one more row.</summary>
    public ReportSide With(ReportLine line) => line.Kind is BillLineKind.Payment
        ? this with
        {
            Rows = Rows + 1, PaymentRows = PaymentRows + 1, PaidMinor = checked(PaidMinor + line.AmountMinor),
            FeeMinor = checked(FeeMinor + (line.FeeMinor ?? 0)),
        }
        : this with
        {
            Rows = Rows + 1, RefundRows = RefundRows + 1, RefundedMinor = checked(RefundedMinor + line.AmountMinor),
            FeeMinor = checked(FeeMinor + (line.FeeMinor ?? 0)),
        };
}

/// <summary>One channel's two sides, and all that lies between their nets.</summary>
/// <param name="Ours">What our books or orders say that the bill should hold.</param>
/// <param name="ExcessMinor">Of all differences: what the channel owes beyond ours.</param>
/// <param name="CarriedMinor">What the cut-off puts between both sides.</param>
/// <param name="ToleratedMinor">Of differences small enough to be let pass.</param>
/// <param name="UntoldFeeMinor">Fees that our side does not know, so that the bill's are taken; negative when
/// charged.</param>
public sealed record ReportChannel(
    string Channel, string Currency, ReportSide Theirs, ReportSide Ours, long Matched, long ExcessMinor,
    long CarriedMinor, long ToleratedMinor = 0, long UntoldFeeMinor = 0)
{
    /// <summary>What was compared less what our side is now: some of it was learnt of afterwards.</summary>
    public long LaterMinor { get; init; }

    /// <summary>Our net with all that is known to lie between: what the channel's must be.</summary>
    public long ExplainedMinor =>
        checked(Ours.NetMinor + LaterMinor + ExcessMinor + CarriedMinor + ToleratedMinor + UntoldFeeMinor);

    public bool Ties => ExplainedMinor == Theirs.NetMinor;
}

/// <summary>A row of a bill, or of our side.</summary>
/// <param name="FeeMinor">Null when that side does not tell.</param>
/// <param name="LineNo">Where it stands in its file; null for our books.</param>
public sealed record ReportLine(
    string Channel, BillLineKind Kind, string Number, string Reference, long AmountMinor, long? FeeMinor,
    string Currency, string? Status, DateTimeOffset? At, string Merchant, int? LineNo)
{
    /// <summary>Whose it is with us, where the bill names the merchant otherwise; null where that is not
    /// known.</summary>
    public string? Owner { get; init; }

    /// <summary>True for a line that the cut-off moves to another day's bill; it counts all the same.</summary>
    public bool IsCarried { get; init; }
}

/// <summary>One line that the cut-off moves between two days (跨日): carried out of the day, or met by it.</summary>
/// <param name="IsOut">True where the day carries it, false where the day meets what another one carried.</param>
/// <param name="Side">Whose day it was carried from: <c>ours</c>, <c>theirs</c>.</param>
/// <param name="GapMinor">What it puts between the day's two nets: theirs less ours.</param>
/// <param name="MetDay">Null until another day's bill, or line, ends it.</param>
public sealed record ReportCarry(
    string Channel, bool IsOut, string Side, BillLineKind Kind, string Number, string Currency, long GapMinor,
    BusinessDay Day, BusinessDay? MetDay, string Merchant, string Reference, DateTimeOffset? At);

/// <summary>One difference, as finance reads it.</summary>
/// <param name="ExcessMinor">What the channel owes beyond ours; negative when it owes less.</param>
/// <param name="Status">Of its life: <c>open</c>, <c>proposed</c>, <c>closed</c>; empty without one.</param>
/// <param name="AgeDays">Since its day; null when nobody counts.</param>
/// <param name="Action">What is suggested or was done; empty without one.</param>
public sealed record ReportDifference(
    string Channel, string Class, string Number, string Field, string Theirs, string Ours, string Currency,
    long ExcessMinor, string Merchant = "", string Reference = "", int? BillLine = null, int? OrdersLine = null,
    DateTimeOffset? At = null, string Status = "", int? AgeDays = null, string Action = "", string Reason = "");

/// <summary>Differences of one class about one merchant, in minor units.</summary>
/// <param name="AbsoluteMinor">Too much and too little, both counted as positive.</param>
public sealed record ReportSum(
    string Channel, string Class, string Currency, string Merchant, long Count, long ExcessMinor, long AbsoluteMinor);

/// <summary>A reconciliation as it is reported: two files compared, or a day of all channels.</summary>
public sealed record ReconciliationReport
{
    public required string Title { get; init; }

    /// <summary>Null when the rows are of several days.</summary>
    public BusinessDay? Day { get; init; }

    /// <summary>Where it comes from, a line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<ReportChannel> Channels { get; init; }

    public required IReadOnlyList<ReportDifference> Differences { get; init; }

    /// <summary>All of them; the list may stop earlier, which the report then says.</summary>
    public required long DifferenceCount { get; init; }

    /// <summary>Of all of them, listed or not.</summary>
    public IReadOnlyCollection<ReportSum> Sums
    {
        get => field ??= [.. Differences
            .GroupBy(row => (row.Channel, row.Class, row.Currency, row.Merchant))
            .Select(group => new ReportSum(
                group.Key.Channel, group.Key.Class, group.Key.Currency, group.Key.Merchant, group.LongCount(),
                group.Sum(row => row.ExcessMinor), group.Sum(row => Math.Abs(row.ExcessMinor))))];
        init;
    }

    /// <summary>Whether there are more differences than are listed.</summary>
    public bool IsCut => DifferenceCount > Differences.Count;

    /// <summary>The file that has all of them, where the list is cut.</summary>
    public string AllDifferences { get; init; } = "";

    /// <summary>What the cut-off moves, where the days are a ledger's; two files have it among the differences.
    /// </summary>
    public IReadOnlyList<ReportCarry> Carries { get; init; } = [];

    /// <summary>Rows of the orders that were not compared, by reason; a ledger has none.</summary>
    public IReadOnlyList<ReportLeftOut> LeftOut { get; init; } = [];

    /// <summary>The channel's rows; null when they are left out.</summary>
    public Func<CancellationToken, IAsyncEnumerable<ReportLine>>? Theirs { get; init; }

    /// <summary>Our rows; null when they are left out.</summary>
    public Func<CancellationToken, IAsyncEnumerable<ReportLine>>? Ours { get; init; }

    /// <summary>When rows are left out: why, and how to have them.</summary>
    public string RowsLeftOut { get; init; } = "";
}
