using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

using static BillRejection;
using static TradeBillColumn;

/// <summary>A trade bill while it is read: headings, rows, headings of totals, totals, and nothing after.</summary>
internal sealed class TradeBill
{
    /// <summary>The heading by which the bill is known.</summary>
    public const string Mark = "交易时间";

    private static readonly TradeBillColumn[] Required =
    [
        TradeTime, MerchantNumber, TransactionId, OutTradeNo, TradeBillColumn.TradeState, Currency, SettledAmount, Fee,
    ];

    private static readonly TradeBillColumn[] RequiredOfRefunds = [RefundId, OutRefundNo, RefundAmount];

    private readonly BillText file;
    private readonly BusinessDay? day;
    private readonly string? merchantNumber;
    private readonly BillHeader<TradeBillColumn> header;
    private readonly OneSign refunds = new();

    /// <summary>Reads the line of headings.</summary>
    public TradeBill(BillText file, BusinessDay? day, string? merchantNumber)
    {
        (this.file, this.day, this.merchantNumber) = (file, day, merchantNumber);
        header = Header(file.Next() ?? throw file.Reject(BillEmpty, 1, "a line of headings"));
    }

    /// <summary>Which of the channel's trade bills it is, by its headings: <c>wechatpay all 27</c>.</summary>
    public string Layout => $"wechatpay {Form.Name} {header.Count}";

    /// <summary>Whether it lists all trades, or only the payments or the refunds among them.</summary>
    public BillCoverage Coverage => Form.Coverage;

    /// <summary>The sums over the rows read so far.</summary>
    public TradeBillTotals Totals { get; } = new();

    /// <summary>In the bill of which day the row read last stands: a refund in that of the day on which it was asked
    /// for, as ALL has its trade time.</summary>
    public BusinessDay LastDay { get; private set; }

    public IEnumerable<(int Line, TradeBillRow Row)> Rows()
    {
        var line = Below();
        for (; BackQuotedCells.IsRow(line, TradeBillColumns.Totals[0]); line = Below())
        {
            var row = Row(BackQuotedCells.Of(line, file, header));
            Totals.Add(row);
            LastDay = BusinessDay.Of(row.RefundRequestedAt ?? row.TradeTime);
            yield return (file.Line, row);
        }

        CheckTotals(line);
    }

    /// <summary>Which of the channel's trade bills it is, by the columns that it has.</summary>
    public static (string Name, BillCoverage Coverage) FormOf(bool hasRefunds, bool hasRefundTimes) =>
        !hasRefunds ? ("success", BillCoverage.Payments)
        : hasRefundTimes ? ("refund", BillCoverage.Refunds)
        : ("all", BillCoverage.All);

    private (string Name, BillCoverage Coverage) Form => FormOf(header.Has(RefundId), header.Has(RefundRequestedAt));

    private string Below() => file.Next() is { } line && !file.LineIsOpen
        ? line
        : throw file.Reject(BillTruncated, 1, "a line of totals at the bill's end");

    private BillHeader<TradeBillColumn> Header(string line)
    {
        if (line.Length == 0)
            throw file.Reject(BillEmpty, 1, "a line of headings");
        var headings = new BillHeader<TradeBillColumn>(line, file, TradeBillColumns.Known, Required);
        // The SUCCESS bill knows nothing of refunds; any other knows all of them.
        var ofRefunds = Array.FindAll(RequiredOfRefunds, column => !headings.Has(column));
        return ofRefunds.Length is 0 || ofRefunds.Length == RequiredOfRefunds.Length
            ? headings
            : throw file.Reject(BillHeaderUnknown, 1, $"the heading of {SnakeCase.Of($"{ofRefunds[0]}")}");
    }

    private TradeBillRow Row(BillCells<TradeBillColumn> cells)
    {
        if (cells.Text(Currency) != "CNY")
            throw cells.Reject(BillCurrencyUnknown, Currency, "CNY");
        var row = TradeBillRows.Read(cells, refunds);
        if (merchantNumber is not null && row.MerchantNumber != merchantNumber
            && row.SubMerchantNumber != merchantNumber)
            throw cells.Reject(BillMerchantDiffers, MerchantNumber, merchantNumber);
        if (day is { } expected && BusinessDay.Of(row.At(expected)) != expected)
            throw cells.Reject(BillDayDiffers, TradeTime, $"{expected}");
        return row;
    }

    private void CheckTotals(string line)
    {
        if (!BackQuotedCells.IsHeading(line, TradeBillColumns.Totals[0]))
            throw file.Reject(BillRowMalformed, 1, "a row with back-quotes, or the headings of totals");

        var headings = new BillHeader<TradeBillTotal>(
            line, file, TradeBillColumns.KnownTotals, TradeBillTotals.RequiredOf(header.Has(RefundId)));
        var totals = file.Next() ?? throw file.Reject(BillTruncated, 1, "a line of totals at the bill's end");
        var cells = BackQuotedCells.Of(totals, file, headings);
        foreach (var total in Enum.GetValues<TradeBillTotal>())
        {
            if (cells.Has(total) && !Totals.IsSaidBy(cells.Text(total), total))
                throw cells.Reject(BillTotalsDiffer, total, Totals.Text(total));
        }

        file.ExpectEnd();
    }
}
