using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>One document of a bill file, read line by line: memory does not grow with its length.</summary>
/// <remarks>Its rows can be taken once. Only what follows the last one tells whether the document is good as a whole:
/// the bill's own totals are checked there, so nothing may be done with the rows before they have ended.</remarks>
public sealed class OpenBill
{
    private readonly IEnumerator<BillLine> lines;
    private readonly IEnumerator<FundFlowLine> fundFlow;
    private readonly Func<BillLine, BusinessDay> dayOf;

    private OpenBill(
        Channel channel, BillKind kind, string fileName, string layout, IEnumerable<BillLine> lines,
        IEnumerable<FundFlowLine> fundFlow, BillCoverage coverage, Func<BillLine, BusinessDay>? dayOf = null)
    {
        (Channel, Kind, FileName, Layout, Coverage) = (channel, kind, fileName, layout, coverage);
        this.dayOf = dayOf ?? (line => BusinessDay.Of(line.At));
        this.lines = Bounded(
            lines, line => line.Amount.MinorUnits + Math.Abs(line.Fee.MinorUnits), line => line.LineNo,
            line => Seen?.Invoke(line.Merchant, DayOf(line), line.LineNo));
        this.fundFlow = Bounded(
            fundFlow, line => Math.Abs(line.Amount.MinorUnits), line => line.LineNo,
            line => Seen?.Invoke(line.Account, BusinessDay.Of(line.At), line.LineNo));
    }

    public Channel Channel { get; }

    public BillKind Kind { get; }

    /// <summary>The document's name, for people: inside an archive, the entry's. Never a path to open.</summary>
    public string FileName { get; }

    /// <summary>Which form of the bill it is, for people: <c>wechatpay all 27</c>.</summary>
    public string Layout { get; }

    /// <summary>Which kinds of trades such a bill lists: <see cref="BillCoverage.None"/> for one of something else. A
    /// row may be of another kind all the same.</summary>
    public BillCoverage Coverage { get; }

    /// <summary>The rows of a bill of trades or of corrections; none for other kinds.</summary>
    /// <exception cref="BillRejectedException">While reading: the bill may not be used.</exception>
    public IEnumerable<BillLine> Lines => Rest(lines);

    /// <summary>Which of several accounts that have a fund flow each it is of; empty for the usual one.</summary>
    public string Account { get; private init; } = "";

    /// <summary>The rows of a bill of an account's movements; none for other kinds.</summary>
    /// <exception cref="BillRejectedException">While reading: the bill may not be used.</exception>
    public IEnumerable<FundFlowLine> FundFlow => Rest(fundFlow);

    /// <summary>Which part of a longer bill it is; null where it is not known to be one.</summary>
    internal BillPart? Part { get; private init; }

    /// <summary>Is told of each row whose it is (the merchant, the account), of which day's bill, and its line.
    /// </summary>
    internal Action<string, BusinessDay, int>? Seen { get; set; }

    /// <param name="dayOf">Of which day's bill the row read last is; without it, the day of its time.</param>
    internal static OpenBill OfLines(
        Channel channel, BillKind kind, string fileName, string layout, IEnumerable<BillLine> lines,
        BillCoverage ofTrades = BillCoverage.All, Func<BillLine, BusinessDay>? dayOf = null, BillPart? part = null) =>
        new(
            channel, kind, fileName, layout, lines, [],
            kind is BillKind.Trade ? ofTrades : BillCoverage.None, dayOf) { Part = part };

    internal static OpenBill OfFundFlow(
        Channel channel, string fileName, string layout, IEnumerable<FundFlowLine> fundFlow, string account = "",
        BillPart? part = null) =>
        new(channel, BillKind.FundFlow, fileName, layout, [], fundFlow, BillCoverage.None)
        {
            Account = account, Part = part,
        };

    /// <summary>Of which day's bill the row is that was read last: not always the day of its time.</summary>
    public BusinessDay DayOf(BillLine line) => dayOf(line);

    /// <summary>Reads what nobody has asked for, so that nothing of the file remains unchecked.</summary>
    internal void Finish()
    {
        while (lines.MoveNext() || fundFlow.MoveNext())
        {
        }
    }

    // No bill is so large; so nobody who sums up rows has to fear an overflow.
    private IEnumerator<T> Bounded<T>(IEnumerable<T> rows, Func<T, long> size, Func<T, int> line, Action<T> see)
    {
        var sum = 0L;
        foreach (var row in rows)
        {
            sum += size(row);
            if (sum > Money.LargestMinorUnits)
                throw new BillRejectedException(
                    BillRejection.BillAmountMalformed, FileName, line(row), 1,
                    $"amounts that sum up to at most {Money.LargestMinorUnits} fen");
            see(row);
            yield return row;
        }
    }

    // Taken twice, it goes on where it stopped: a stream cannot be read again.
    private static IEnumerable<T> Rest<T>(IEnumerator<T> rows)
    {
        while (rows.MoveNext())
            yield return rows.Current;
    }
}
