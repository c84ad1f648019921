using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>A file of a channel that was read whole and whose own totals tie out.</summary>
/// <param name="IsTrade">It has a trade bill (交易账单), however short.</param>
/// <param name="IsFundFlow">It has a fund flow (资金账单), however short.</param>
/// <param name="Corrections">What the channel says besides to have corrected (差错).</param>
/// <param name="Coverage">Which kinds of trades its bills list together.</param>
/// <param name="Accounts">Of which accounts its fund flows are; each once.</param>
public sealed record ReadBill(
    bool IsTrade, bool IsFundFlow, IReadOnlyList<BillLine> Lines, IReadOnlyList<FundFlowLine> FundFlow,
    IReadOnlyList<BillLine> Corrections, BillCoverage Coverage, IReadOnlyList<string> Accounts)
{
    /// <summary>What a day has of which the channel has no bill: no trade of any kind.</summary>
    public static readonly ReadBill Nothing = new(true, false, [], [], [], BillCoverage.All, []);

    public Money Paid => Sum(Lines.Where(line => line.Kind == BillLineKind.Payment), line => line.Amount);

    public Money Refunded => Sum(Lines.Where(line => line.Kind != BillLineKind.Payment), line => line.Amount);

    public Money Fees => Sum(Lines, line => line.Fee);

    /// <summary>Reads a file, or refuses all of it. Its content says whether it is a trade bill or a fund
    /// flow.</summary>
    /// <param name="merchantNumber">Our number at the channel, which each row must bear; null to take any.</param>
    /// <param name="wasTaken">It was imported before, perhaps when fewer rules held.</param>
    /// <exception cref="BillRejectedException">It may not be used; says file, line and column.</exception>
    public static ReadBill Of(
        Channel channel, BusinessDay day, string? merchantNumber, ChannelBillFile file, bool wasTaken = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var stream = new MemoryStream(file.Content.ToArray(), writable: false);
        var (isTrade, isFundFlow, coverage) = (false, false, BillCoverage.None);
        var (lines, fundFlow, corrections) = (new List<BillLine>(), new List<FundFlowLine>(), new List<BillLine>());
        var accounts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var document in BillFile.Open(stream, file.FileName, new(channel, day, merchantNumber, wasTaken)))
        {
            isTrade |= document.Kind == BillKind.Trade;
            isFundFlow |= document.Kind == BillKind.FundFlow;
            coverage |= document.Coverage;
            if (document.Kind == BillKind.Trade)
                lines.AddRange(document.Lines);
            if (document.Kind == BillKind.Errors)
                corrections.AddRange(document.Lines);
            if (document.Kind == BillKind.FundFlow)
                accounts.Add(document.Account);
            fundFlow.AddRange(document.FundFlow);
        }

        return isTrade != isFundFlow
            ? new(isTrade, isFundFlow, lines, fundFlow, corrections, coverage.With(lines), [.. accounts])
            : throw new BillRejectedException(
                BillRejection.BillHeaderUnknown, file.FileName, 1, 1,
                "a trade bill or a fund flow, not both in one archive; corrections (ZME) come with theirs, in one zip");
    }

    private static Money Sum(IEnumerable<BillLine> lines, Func<BillLine, Money> part) =>
        lines.Aggregate(Money.Zero(Currency.CNY), (sum, line) => sum + part(line));
}
