using System.Runtime.CompilerServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows, byte by byte: each check that the careful reader makes is made here too.</summary>
internal sealed partial class BillScan
{
    // Words as they lie in memory, their first letter lowest.
    private const ulong Success = 0x53_53_45_43_43_55_53, Refunded = 0x44_4E_55_46_45_52;
    private const ulong Revoked = 0x44_45_4B_4F_56_45_52, Cny = 0x59_4E_43;

    private static MarkedBytes Marks => new((byte)'`', (byte)',');

    [MethodImpl(ScanLoops.Compiled)]
    protected override bool Rows(ScanWork work, int length, long offset)
    {
        ref var text = ref work.Text;
        ref var mark = ref work.Marks[0];
        var found = ByteMarks.Find(ref text, length, ref mark, Marks);
        // A mark for each cell, and the row's end.
        var step = columns.Count + 1;
        if (found.Marks != found.Lines * step || found.IsOdd)
            return false;
        for (int line = 0, start = 0; line < found.Lines; line++)
        {
            // As many marks as lines have, each line's last one its end: then no line ends in between.
            var end = Unsafe.Add(ref mark, columns.Count);
            var cells = new RowCells(ref text, ref mark, 1);
            if (mark != start || Unsafe.Add(ref text, end) != '\n' || end - start >= ScanWork.RowBytesMax
                || (found.HasQuotes && HasQuotedNumber(cells)) || !IsUsual(work, cells)
                || !Take(work, cells, offset + end + 1))
                return false;
            start = end + 1;
            mark = ref Unsafe.Add(ref mark, step);
        }

        return true;
    }

    // The careful reader does not take them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasQuotedNumber(RowCells cells)
    {
        foreach (var place in columns.Numbers)
        {
            if (cells.IfAny(place).Text.Contains((byte)'"'))
                return true;
        }

        return false;
    }

    // What no sum needs but the careful reader checks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsUsual(ScanWork work, RowCells cells) =>
        (columns.HasRefundTimes ? AreTimes(work, cells) : IsTime(work, cells[columns.Time], anyDay))
        && cells[columns.Merchant].IsNumber && (merchant is null || IsOfMerchant(cells))
        && cells[columns.Transaction].IsNumber && cells[columns.Order].IsNumber
        && cells[columns.Currency].Is(Cny, 3)
        && (columns.Coupon < 0 || cells[columns.Coupon].TryReadFen(out _));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsOfMerchant(RowCells cells) => cells[columns.Merchant].Text.SequenceEqual(merchant)
        || cells.IfAny(columns.SubMerchant).Text.SequenceEqual(merchant);

    // When the refund began decides on the day, where the bill tells it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AreTimes(ScanWork work, RowCells cells)
    {
        var requested = cells.IfAny(columns.RefundRequestedAt);
        var succeeded = cells.IfAny(columns.RefundSucceededAt);
        return (!requested.IsNumber || IsTime(work, requested, anyDay))
            && (!succeeded.IsNumber || IsTime(work, succeeded, anyDay || requested.IsNumber))
            && IsTime(work, cells[columns.Time], anyDay || succeeded.IsNumber || requested.IsNumber);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsTime(ScanWork work, ByteCell time, bool ofAnyDay)
    {
        if (time.Length != ByteText.TimeLength || Unsafe.Add(ref time.Start, 10) != ' '
            || !ByteText.IsTimeOfDay(ref Unsafe.Add(ref time.Start, 11)))
            return false;
        return ofAnyDay
            ? work.Day.Begins(ref time.Start) || IsNewDay(work, ref time.Start)
            : day.Begins(ref time.Start);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsNewDay(ScanWork work, ref byte time)
    {
        if (!ByteText.TryReadDay(new ByteCell(ref time, 10).Text, out _))
            return false;
        work.Day = new(ref time);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Take(ScanWork work, RowCells cells, long next)
    {
        var kind = KindOf(cells[columns.State]);
        var ofPayment = cells[columns.Settled];
        var ofOrder = cells.Or(columns.Ordered, ofPayment);
        var ofRefund = cells.Or(columns.RefundAmount, ofPayment);
        if (kind is BillLineKind.None || !ByteCell.TryRead(ofPayment, ofOrder, 2, out var settled, out var ordered)
            || !ByteCell.TryRead(ofRefund, cells[columns.Fee], 5, out var refunded, out var fee))
            return false;
        var done = true;
        if (columns.RefundAmount < 0)
            refunded = 0;
        else if (!TryReadRefund(work, cells, kind, refunded, out done))
            return false;
        unchecked
        {
            work.Settled += settled;
            work.FeeHundredThousandths += fee;
            work.Ordered += ordered;
        }

        var isRefund = kind is BillLineKind.Refund;
        var number = cells.IfAny(isRefund ? columns.RefundNumber : columns.Order);
        var reference = cells.IfAny(isRefund ? columns.Refund : columns.Transaction);
        if (!reference.IsNumber)
            reference = new(ref reference.Start, 0);
        if (!number.IsNumber)
            number = reference;
        if (number.Length == 0)
            return false;
        var amount = isRefund || (kind is BillLineKind.Revoke && refunded > 0) ? refunded : settled;
        var fen = ByteText.RoundedFen(fee);
        var sub = cells.IfAny(columns.SubMerchant);
        var itsMerchant = sub.IsNumber ? sub : cells[columns.Merchant];
        var identity = hash.Of(
            kind, amount, fen, done, ref number.Start, number.Length, ref reference.Start, reference.Length,
            ref itsMerchant.Start, itsMerchant.Length);
        work.Sum(identity);
        work.Count(kind, amount, fen);
        work.Place(identity.Key, next);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadRefund(ScanWork work, RowCells cells, BillLineKind kind, long refunded, out bool done)
    {
        var state = cells.IfAny(columns.RefundState);
        done = kind is BillLineKind.Payment || state.Length == 0 || state.Is(Success, 7)
            || state.Text.SequenceEqual("PROCESSING"u8);
        var (requested, couponRefunded) = (refunded, 0L);
        if ((columns.RequestedRefund >= 0 && !cells[columns.RequestedRefund].TryReadFen(out requested))
            || (columns.CouponRefund >= 0 && !cells[columns.CouponRefund].TryReadFen(out couponRefunded)))
            return false;
        unchecked
        {
            work.RefundedTotal += refunded;
            work.RequestedRefund += requested;
            work.CouponRefunded += couponRefunded;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BillLineKind KindOf(ByteCell state) =>
        state.Is(Success, 7) ? BillLineKind.Payment
        : state.Is(Refunded, 6) ? BillLineKind.Refund
        : state.Is(Revoked, 7) ? BillLineKind.Revoke
        : BillLineKind.None;
}
