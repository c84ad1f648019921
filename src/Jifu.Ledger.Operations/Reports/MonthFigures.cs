namespace Jifu.Ledger.Operations.Reports;

/// <summary>What one day of all channels came to.</summary>
/// <param name="BillRows">0 when no bill was reconciled.</param>
/// <param name="Matched">Rows of bills that our books say too.</param>
public sealed record DayFigures(
    BusinessDay Day, long BillRows, long Matched, IReadOnlyList<ClassFigures> Classes)
{
    public long Differences => Classes.Sum(each => each.Count);

    /// <summary>Differences for each row of the bills; null without a bill.</summary>
    public double? Rate => BillRows == 0 ? null : (double)Differences / BillRows;
}

/// <summary>The differences of one class and one day.</summary>
/// <param name="ExcessMinor">What the channel owes beyond ours, the less subtracted.</param>
/// <param name="GrossMinor">The amounts whichever way they go.</param>
public sealed record ClassFigures(string Class, long Count, long ExcessMinor, long GrossMinor);

/// <summary>The differences of one age that are still open.</summary>
/// <param name="Days">Since the day of the difference.</param>
public sealed record AgeFigures(int Days, long Count, long GrossMinor);

/// <summary>A month's reconciliations.</summary>
/// <param name="Days">Each day of the month that has begun, in order.</param>
/// <param name="Open">What is still open, of whichever month.</param>
/// <param name="AsOf">The day on which ages are counted.</param>
public sealed record MonthFigures(
    DateOnly Month, string Currency, IReadOnlyList<DayFigures> Days, IReadOnlyList<AgeFigures> Open, BusinessDay AsOf);
