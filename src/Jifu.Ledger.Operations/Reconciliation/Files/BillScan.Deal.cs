using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>All rows dealt out, as bytes: what <see cref="TradeBillLines"/> would say of each.</summary>
internal sealed partial class BillScan
{
    protected override void Deal(ScanWork work, int length, long place, DealtRows to)
    {
        var rows = FindCells(work, length);
        for (var row = 0; row < rows; row++)
            Deal(work, CellsOf(work, row), place + row, to);
    }

    private void Deal(ScanWork work, RowCells cells, long place, DealtRows to)
    {
        var kind = KindOf(cells[columns.State]);
        var isRefund = kind is BillLineKind.Refund;
        var reference = cells.IfAny(isRefund ? columns.Refund : columns.Transaction);
        if (!reference.IsNumber)
            reference = new(ref reference.Start, 0);
        var number = cells.IfAny(isRefund ? columns.RefundNumber : columns.Order);
        if (!number.IsNumber)
            number = reference;
        var sub = cells.IfAny(columns.SubMerchant);
        var merchant = sub.IsNumber ? sub : cells[columns.Merchant];
        var refunded = columns.RefundAmount < 0 ? 0 : Units(cells[columns.RefundAmount], Yuan.Fen);
        var amount = isRefund || (kind is BillLineKind.Revoke && refunded > 0)
            ? refunded
            : Units(cells[columns.Settled], Yuan.Fen);
        var fee = ByteText.RoundedFen(Units(cells[columns.Fee], Yuan.HundredThousandths));
        var status = StatusOf(cells, kind);
        var identity = hash.Of(
            kind, amount, fee, status is null, ref number.Start, number.Length, ref reference.Start, reference.Length,
            ref merchant.Start, merchant.Length);

        var packer = work.Packer;
        packer.Begin(RowHead.Bytes);
        packer.Add(number.Text);
        packer.Add(reference.Text);
        packer.Add(merchant.Text);
        packer.Add(status ?? "");
        packer.Add(isRefund ? cells[columns.Order].Text : []);
        packer.Add(isRefund ? cells[columns.Transaction].Text : []);
        var marks = RowMarks.HasFee | RowMarks.HasTime | RowMarks.Counts;
        to.Deal(packer, new(
            identity.Key, place, amount, fee, TicksOf(cells), 0, (short)kind,
            (short)(status is null ? marks : marks | RowMarks.HasStatus)));
    }

    private string? StatusOf(RowCells cells, BillLineKind kind)
    {
        var state = cells.IfAny(columns.RefundState);
        return kind is BillLineKind.Payment || state.Length == 0 || state.Is(Success, 7)
            || state.Text.SequenceEqual("PROCESSING"u8)
            ? null
            : Text(state).ToLowerInvariant();
    }

    private long TicksOf(RowCells cells) =>
        (columns.HasRefundTimes ? RowOf(cells).At(request.Day) : Time(cells[columns.Time]) ?? default).UtcTicks;
}
