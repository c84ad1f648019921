using System.Diagnostics;

namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>What came of comparing a channel's bill with our books (对账), line by line.</summary>
/// <remarks>
/// Nothing gets lost between the two sides, to the fen:
/// <c>TheirNet = OurNet + Excess of all Discrepancies + Gap of all Carried - Gap of all CarriedMet and CarriedLost</c>,
/// where <see cref="CarriedLine.Gap"/> is -net of a line that we have under the day that carried it, and +net of one
/// that the channel has.
/// </remarks>
/// <param name="Matched">Rows of the bill that say exactly what our line of the day says.</param>
/// <param name="Discrepancies">The differences: by row of the bill, then by line of ours, then repeated rows.</param>
/// <param name="Carried">What the cut-off explains; it is not a difference until the next day says so.</param>
/// <param name="CarriedMet">Earlier carried lines that now have both sides.</param>
/// <param name="CarriedLost">Earlier carried lines of ours that are not in this bill either; each is among the
/// differences.</param>
/// <param name="TheirNet">Of all rows, less what the channel gives to somebody else.</param>
/// <param name="TheirPaid">What the channel pays with the day: the net, but for fees that it settles apart.</param>
public sealed record Comparison(
    int Matched, IReadOnlyList<Discrepancy> Discrepancies, IReadOnlyList<CutOff> Carried,
    IReadOnlyList<CarriedLine> CarriedMet, IReadOnlyList<CarriedLine> CarriedLost, Money TheirNet, Money OurNet,
    Money TheirPaid)
{
    /// <summary>Compares each row once with the line of ours that has its kind and number.</summary>
    /// <param name="corrections">What the channel says besides to have corrected (差错).</param>
    public static Comparison Compare(
        IEnumerable<BillLine> theirs, LedgerDay ours, IEnumerable<BillLine>? corrections = null)
    {
        ArgumentNullException.ThrowIfNull(theirs);
        var open = new OpenLines(ours);
        var comparison = open.Meet(theirs);
        if (corrections is not null)
            comparison = comparison with
            {
                Discrepancies = [.. comparison.Discrepancies, .. Corrections(corrections)],
            };
        return comparison.TheirNet == comparison.TheirNetExplained
            ? comparison
            : throw new UnreachableException(
                $"{ours.Day}: the bill nets {comparison.TheirNet}, explained are {comparison.TheirNetExplained}.");
    }

    /// <summary>Each row of a file of corrections as a difference.</summary>
    public static IEnumerable<Correction> Corrections(IEnumerable<BillLine> rows) => rows.GroupBy(row => row.Number)
        .SelectMany(same => same.Select((row, at) => new Correction(row, at + 1)))
        .OrderBy(correction => correction.Line.LineNo);

    private Money TheirNetExplained => OurNet
        + Discrepancies.Select(discrepancy => discrepancy.Excess).Sum(OurNet.Currency)
        + Carried.Select(cutOff => cutOff.Carried.Gap).Sum(OurNet.Currency)
        - CarriedMet.Concat(CarriedLost).Select(carried => carried.Gap).Sum(OurNet.Currency);
}
