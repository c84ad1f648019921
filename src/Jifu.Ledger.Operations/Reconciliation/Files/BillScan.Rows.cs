using System.Runtime.CompilerServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows, byte by byte: each check that the careful reader makes is made here too.</summary>
internal sealed partial class BillScan
{
    // Words as they lie in memory, their first letter lowest.
    private const ulong Success = 0x53_53_45_43_43_55_53, Refunded = 0x44_4E_55_46_45_52;
    private const ulong Revoked = 0x44_45_4B_4F_56_45_52, Yuan = 0x59_4E_43;

    private static MarkedBytes Marks => new((byte)'`', (byte)',', (byte)'"');

    /// <summary>One row and where its cells begin; behind them, where it ends.</summary>
    private readonly ref struct Row(ref byte text, ref int marks)
    {
        private readonly ref byte text = ref text;
        private readonly ref int marks = ref marks;

        /// <summary>Any cell but the last.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ByteCell Cell(int place)
        {
            unchecked
            {
                var begin = Unsafe.Add(ref marks, place) + 1;
                return new(ref Unsafe.Add(ref text, begin), Unsafe.Add(ref marks, place + 1) - 1 - begin);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override bool Rows(ScanWork work, int length, long offset)
    {
        ref var text = ref work.Text;
        ref var mark = ref work.Marks[0];
        var (found, lines, hasQuotes) = ByteMarks.Find(ref text, length, ref mark, Marks);
        var marks = columns.Count + 1;
        if (found != lines * marks)
            return false;
        var start = 0;
        for (var line = 0; line < lines; line++)
        {
            // As many marks as lines have, each line's last one its end: then no line ends in between.
            var end = Unsafe.Add(ref mark, columns.Count);
            var row = new Row(ref text, ref mark);
            if (mark != start || Unsafe.Add(ref text, end) != '\n' || end - start >= ScanWork.RowBytesMax
                || (hasQuotes && HasQuotedNumber(row)) || !IsUsual(work, row) || !Take(work, row, offset + end + 1))
                return false;
            start = end + 1;
            mark = ref Unsafe.Add(ref mark, marks);
        }

        return true;
    }

    // The careful reader does not take them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasQuotedNumber(Row row) =>
        IsQuoted(row.Cell(columns.Merchant)) || IsQuoted(row.Cell(columns.SubMerchant))
        || IsQuoted(row.Cell(columns.Transaction)) || IsQuoted(row.Cell(columns.Order))
        || IsQuoted(row.Cell(columns.Refund)) || IsQuoted(row.Cell(columns.RefundNumber));

    private static bool IsQuoted(ByteCell number) => number.Text.Contains((byte)'"');

    // What no sum needs but the careful reader checks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsUsual(ScanWork work, Row row)
    {
        var time = row.Cell(columns.Time);
        var number = row.Cell(columns.Merchant);
        return time.Length == 19 && Unsafe.Add(ref time.Start, 10) == ' '
            && IsDay(work, ref time.Start) && ByteText.IsTimeOfDay(ref Unsafe.Add(ref time.Start, 11))
            && number.IsNumber && (merchant is null || number.Text.SequenceEqual(merchant))
            && row.Cell(columns.Transaction).IsNumber && row.Cell(columns.Order).IsNumber
            && row.Cell(columns.Currency).Is(Yuan, 3) && row.Cell(columns.Coupon).TryReadFen(out _);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsDay(ScanWork work, ref byte time)
    {
        var packed = ByteText.PackedDay(ref time);
        return packed == (anyDay ? work.Day : day) || (anyDay && IsNewDay(work, ref time));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsNewDay(ScanWork work, ref byte time)
    {
        work.Day = ByteText.PackedDay(ref time);
        return ByteText.TryReadDay(new ByteCell(ref time, 10).Text, out _);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Take(ScanWork work, Row row, long next)
    {
        var kind = KindOf(row.Cell(columns.State));
        if (kind is BillLineKind.None || !row.Cell(columns.Settled).TryReadFen(out var settled)
            || !row.Cell(columns.RefundAmount).TryReadFen(out var refunded) || !TryReadFee(row, out var fee)
            || !TrySum(work, row, settled, refunded, fee))
            return false;
        var number = row.Cell(kind is BillLineKind.Refund ? columns.RefundNumber : columns.Order);
        var reference = row.Cell(kind is BillLineKind.Refund ? columns.Refund : columns.Transaction);
        if (!reference.IsNumber)
            reference = new(ref reference.Start, 0);
        if (!number.IsNumber)
            number = reference;
        if (number.Length == 0)
            return false;
        var ofRefund = kind is BillLineKind.Refund || (kind is BillLineKind.Revoke && refunded > 0);
        var amount = ofRefund ? refunded : settled;
        var state = row.Cell(columns.RefundState);
        var done = kind is BillLineKind.Payment || state.Length == 0 || state.Is(Success, 7);
        var sub = row.Cell(columns.SubMerchant);
        var itsMerchant = sub.IsNumber ? sub : row.Cell(columns.Merchant);
        var fen = ByteText.RoundedFen(fee);
        var identity = hash.Of(
            kind, amount, fen, done, ref number.Start, number.Length, ref reference.Start, reference.Length,
            ref itsMerchant.Start, itsMerchant.Length);
        work.Sum(identity);
        work.Count(kind, amount, fen);
        work.Place(identity.Key, next);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadFee(Row row, out long hundredThousandths)
    {
        var cell = row.Cell(columns.Fee);
        return ByteText.TryReadShort(ref cell.End, cell.Length, 5, out hundredThousandths)
            || ByteText.TryRead(cell.Text, 5, ByteText.RowDigitsMax, out hundredThousandths);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TrySum(ScanWork work, Row row, long settled, long refunded, long fee)
    {
        if (!row.Cell(columns.CouponRefund).TryReadFen(out var couponRefunded)
            || !row.Cell(columns.Ordered).TryReadFen(out var ordered)
            || !row.Cell(columns.RequestedRefund).TryReadFen(out var requested))
            return false;
        unchecked
        {
            work.Settled += settled;
            work.RefundedTotal += refunded;
            work.CouponRefunded += couponRefunded;
            work.FeeHundredThousandths += fee;
            work.Ordered += ordered;
            work.RequestedRefund += requested;
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
