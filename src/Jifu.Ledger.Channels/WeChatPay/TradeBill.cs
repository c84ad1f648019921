using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

using static BillRejection;
using static TradeBillColumn;

/// <summary>A trade bill while it is read: headings, rows, headings of totals, totals, and nothing after.</summary>
internal sealed class TradeBill(BillText file, BusinessDay? day, string? merchantNumber)
{
    private static readonly TradeBillColumn[] Required =
    [
        TradeTime, MerchantNumber, TransactionId, OutTradeNo, TradeBillColumn.TradeState, Currency, SettledAmount, Fee,
    ];

    private static readonly TradeBillColumn[] RequiredOfRefunds = [RefundId, OutRefundNo, RefundAmount];

    private static readonly TradeBillTotal[] RequiredTotals =
        [TradeBillTotal.Rows, TradeBillTotal.Settled, TradeBillTotal.Refunded, TradeBillTotal.Fee];

    /// <summary>The sums over the rows read so far.</summary>
    public TradeBillTotals Totals { get; } = new();

    public IEnumerable<(int Line, TradeBillRow Row)> Rows()
    {
        var header = Header(file.Next() ?? throw file.Reject(BillEmpty, 1, "a line of headings"));

        var line = Below();
        for (; line is ['`', ..]; line = Below())
        {
            var row = Row(new(line, file, header));
            Totals.Add(row);
            yield return (file.Line, row);
        }

        CheckTotals(line);
    }

    private string Below() => file.Next() is { } line && !file.LineIsOpen
        ? line
        : throw file.Reject(BillTruncated, 1, "a line of totals at the bill's end");

    private BillHeader<TradeBillColumn> Header(string line)
    {
        if (line.Length == 0)
            throw file.Reject(BillEmpty, 1, "a line of headings");
        var header = new BillHeader<TradeBillColumn>(line, file, TradeBillColumns.Known, Required);
        // The SUCCESS bill knows nothing of refunds; any other knows all of them.
        var ofRefunds = RequiredOfRefunds.Where(column => header.PlaceOf(column) < 0).ToList();
        return ofRefunds.Count is 0 || ofRefunds.Count == RequiredOfRefunds.Length
            ? header
            : throw file.Reject(BillHeaderUnknown, 1, $"the heading of {SnakeCase.Of($"{ofRefunds[0]}")}");
    }

    private TradeBillRow Row(BillCells<TradeBillColumn> cells)
    {
        if (cells.Text(Currency) != "CNY")
            throw cells.Reject(BillCurrencyUnknown, Currency, "CNY");
        var row = TradeBillRows.Read(cells);
        if (merchantNumber is not null && row.MerchantNumber != merchantNumber)
            throw cells.Reject(BillMerchantDiffers, MerchantNumber, merchantNumber);
        if (day is { } expected && BusinessDay.Of(row.At) != expected)
            throw cells.Reject(BillDayDiffers, TradeTime, $"{expected}");
        return row;
    }

    private void CheckTotals(string line)
    {
        if (!line.StartsWith(TradeBillColumns.Totals[0], StringComparison.Ordinal))
            throw file.Reject(BillRowMalformed, 1, "a row with back-quotes, or the headings of totals");

        var header = new BillHeader<TradeBillTotal>(line, file, TradeBillColumns.KnownTotals, RequiredTotals);
        var totals = file.Next() ?? throw file.Reject(BillTruncated, 1, "a line of totals at the bill's end");
        var cells = new BillCells<TradeBillTotal>(totals, file, header);
        foreach (var total in Enum.GetValues<TradeBillTotal>())
        {
            if (cells.Has(total) && !Totals.IsSaidBy(cells.Text(total), total))
                throw cells.Reject(BillTotalsDiffer, total, Totals.Text(total));
        }

        while (file.Next() is { } after)
        {
            if (after.Length > 0)
                throw file.Reject(BillDataAfterSummary, 1, "nothing after the totals");
        }
    }
}
