using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Alipay;

using static AlipayTradeColumn;
using static BillRejection;

/// <summary>The business detail (业务明细) while it is read: every payment and refund of a day.</summary>
internal sealed class AlipayTrade
{
    private readonly BillText file;
    private readonly BillExpectation expected;
    private readonly AlipaySums sums;
    private readonly AlipayFrame frame;
    private readonly BillHeader<AlipayTradeColumn> header;
    private readonly AlipayTotals paid = new("交易合计", "商家实收共"), refunded = new("退款合计", "商家实收退款共");
    private readonly OneSign refunds = new(), fees = new();
    private Int128? ordered = 0;
    private Int128 charged;

    private static readonly AlipayTradeColumn[] Required =
        [.. Enum.GetValues<AlipayTradeColumn>().Where(column => column is not (OrderAmount or Share))];

    /// <summary>Reads up to the line of headings.</summary>
    public AlipayTrade(BillText file, BillExpectation expected, AlipaySums sums)
    {
        (this.file, this.expected, this.sums, frame) = (file, expected, sums, new(file, expected));
        header = new(frame.Headings, file, AlipayColumns.Trade, Required);
    }

    /// <summary>Which part of a longer detail it is; null where nothing says that it is one.</summary>
    public BillPart? Part => AlipayParts.PartOf(file, frame);

    public string Layout => $"alipay business detail {header.Count}";

    public IEnumerable<BillLine> Rows()
    {
        var cells = new AnchoredCells<AlipayTradeColumn>(file, header);
        var rows = sums.Parts.Watched(
            file, Part, frame.Rows(line => Row(cells.Of(line)), paid, refunded), Known, paid, refunded);
        foreach (var row in rows)
        {
            charged += row.Fee.MinorUnits;
            yield return row;
        }

        sums.Trade.Detail(frame.Scope, new(paid.Rows, refunded.Rows, ordered, paid.Fen - refunded.Fen, charged));
    }

    // Refunds of one payment may share its numbers.
    private static string Known(BillLine row) =>
        FormattableString.Invariant($"{row.Key} {row.ChannelReference} {row.Amount.MinorUnits} {row.At:s}");

    private BillLine Row(BillCells<AlipayTradeColumn> cells)
    {
        if (!expected.WasTaken)
            MustShareNothing(cells);
        var at = cells.Time(FinishedAt, expected.Day);
        return cells.Text(Kind) switch
        {
            "交易" => Payment(cells, at),
            "退款" => Refund(cells, at),
            _ => throw cells.Reject(BillRowMalformed, Kind, "交易 or 退款"),
        };
    }

    // It changes what is settled. Whether it comes off what the merchant receives, and with which sign, is published
    // nowhere.
    private static void MustShareNothing(BillCells<AlipayTradeColumn> cells)
    {
        if (cells.Text(Share).Length > 0 && cells.Units(Share, Yuan.Fen) != 0)
            throw cells.Reject(BillRowMalformed, Share, "a 分润 of 0.00, since nobody has told how another is settled");
    }

    private BillLine Payment(BillCells<AlipayTradeColumn> cells, DateTimeOffset at)
    {
        var amount = paid.Counted(cells.Amount(Received));
        var orderAmount = SaysOrderAmount(cells) ? cells.Amount(OrderAmount) : amount;
        ordered += SaysOrderAmount(cells) ? orderAmount.MinorUnits : null;
        return new(
            BillLineKind.Payment, cells.RequiredNumber(OutTradeNo), cells.RequiredNumber(TradeNo), amount,
            cells.Outgoing(ServiceFee, fees), null, at, file.Line, frame.Account,
            Ordered: orderAmount == amount ? null : orderAmount);
    }

    private BillLine Refund(BillCells<AlipayTradeColumn> cells, DateTimeOffset at)
    {
        var amount = refunded.Counted(cells.Outgoing(Received, refunds));
        // It explains a difference and moves nothing, so whichever sign it has is taken.
        var orderMinor =
            SaysOrderAmount(cells) ? Math.Abs(cells.Units(OrderAmount, Yuan.Fen)) : amount.MinorUnits;
        ordered -= SaysOrderAmount(cells) ? orderMinor : null;
        var (order, trade) = (cells.RequiredNumber(OutTradeNo), cells.RequiredNumber(TradeNo));
        // Whoever asks for a whole refund without a number of his own refunds under the order's.
        return new(
            BillLineKind.Refund, cells.Number(RefundRequestNo) ?? order, trade, amount, FeeOfRefund(cells), null, at,
            file.Line, frame.Account, order, trade,
            orderMinor == amount.MinorUnits ? null : new(orderMinor, Currency.CNY));
    }

    private static bool SaysOrderAmount(BillCells<AlipayTradeColumn> cells) =>
        cells.Has(OrderAmount) && cells.Text(OrderAmount).Length > 0;

    // A fee that is given back has the other sign than one that is charged.
    private Money FeeOfRefund(BillCells<AlipayTradeColumn> cells)
    {
        var fen = cells.Units(ServiceFee, Yuan.Fen);
        return fees.TryTake(-fen, out var returned)
            ? new(-returned, Currency.CNY)
            : throw cells.Reject(
                BillSignsDiffer, ServiceFee, "a fee given back, with the other sign than those charged");
    }
}
