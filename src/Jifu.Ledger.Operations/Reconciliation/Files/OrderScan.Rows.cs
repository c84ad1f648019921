using System.Runtime.CompilerServices;
using System.Text;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows, byte by byte: what is written the usual way at once, the rest cell by cell as the careful reader
/// does.</summary>
internal sealed partial class OrderScan
{
    /// <summary>One row and where its cells end; before them, where the row before it ends.</summary>
    private readonly ref struct Row(ref byte text, ref int marks)
    {
        private readonly ref byte text = ref text;
        private readonly ref int marks = ref marks;

        /// <summary>A cell; empty when there is no such column.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ByteCell Cell(int place)
        {
            unchecked
            {
                if (place < 0)
                    return new(ref text, 0);
                var begin = Unsafe.Add(ref marks, place) + 1;
                return new(ref Unsafe.Add(ref text, begin), Unsafe.Add(ref marks, place + 1) - begin);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override bool Rows(ScanWork work, int length, long offset)
    {
        ref var text = ref work.Text;
        ref var mark = ref work.Marks[0];
        mark = -1;
        var (found, lines, hasQuotes) = ByteMarks.Find(ref text, length, ref Unsafe.Add(ref mark, 1), marks);
        if (found != lines * columns.Count || hasQuotes)
            return false;
        var start = 0;
        for (var line = 0; line < lines; line++)
        {
            // As many marks as lines have, each line's last one its end: then no line ends in between.
            ref var last = ref Unsafe.Add(ref mark, columns.Count);
            var end = last;
            if (Unsafe.Add(ref text, end) != '\n' || end == start || end - start >= ScanWork.RowBytesMax)
                return false;
            if (Unsafe.Add(ref text, end - 1) == '\r')
                last = end - 1;
            if (!Take(work, new(ref text, ref mark), Math.Min(bodyEnd, offset + end + 1)))
                return false;
            start = end + 1;
            last = end;
            mark = ref last;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Take(ScanWork work, Row row, long next)
    {
        var number = row.Cell(columns.Number);
        var reference = row.Cell(columns.Reference);
        var merchant = row.Cell(columns.Merchant);
        if (!IsBare(number) || number.Length == 0 || !IsBare(reference) || !IsBare(merchant)
            || !TryReadMinor(row.Cell(columns.Amount), exact: true, out var amount)
            || !TryReadMinor(row.Cell(columns.Fee), exact: false, out var fee)
            || !TryReadKind(work, row.Cell(columns.Kind), ref amount, out var kind)
            || !TryReadCounts(work, row, out var counts))
            return false;
        var identity = hash.Of(
            kind, amount, fee, true, ref number.Start, number.Length, ref reference.Start, reference.Length,
            ref merchant.Start, merchant.Length);
        if (counts)
        {
            work.Sum(identity);
            work.Count(kind, amount, fee);
        }
        else
        {
            work.OtherRows++;
        }

        work.Place(identity.Key, next);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadKind(ScanWork work, ByteCell cell, ref long amount, out BillLineKind kind)
    {
        kind = columns.Kind >= 0 ? (BillLineKind)kinds.MeaningOf(cell, ref work.Kind)
            : amount < 0 && mapping.NegativeRefunds ? BillLineKind.Refund
            : BillLineKind.Payment;
        if (mapping.NegativeRefunds && kind is not BillLineKind.Payment)
            amount = -amount;
        return kind is not BillLineKind.None && amount >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadMinor(ByteCell cell, bool exact, out long minor)
    {
        minor = 0;
        if (cell.Length == 0 && !exact && columns.Fee < 0)
            return true;
        if (mapping.Unit is AmountUnit.Yuan)
        {
            if (ByteText.TryReadShort(ref cell.End, cell.Length, 2, out minor))
                return true;
            if (cell.Length > 1 && cell.Start == '-'
                && ByteText.TryReadShort(ref cell.End, unchecked(cell.Length - 1), 2, out minor))
            {
                minor = unchecked(-minor);
                return true;
            }
        }

        return TryReadAnyMinor(cell, exact, out minor);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadAnyMinor(ByteCell cell, bool exact, out long minor) =>
        columns.TryReadMinor(Encoding.UTF8.GetString(cell.Text), exact, out minor) && Math.Abs(minor) < MinorMax;

    /// <summary>Whether the bill should hold it: done, and of its day.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadCounts(ScanWork work, Row row, out bool counts)
    {
        counts = true;
        if (columns.Status >= 0)
        {
            var status = row.Cell(columns.Status);
            counts = successes.MeaningOf(status, ref work.Status) != 0;
            if (!counts && !IsBare(status))
                return false;
        }

        return columns.At < 0 || TryReadDay(work, row.Cell(columns.At), ref counts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadDay(ScanWork work, ByteCell time, ref bool counts)
    {
        if (time.Length == 19 && Unsafe.Add(ref time.Start, 10) is (byte)' ' or (byte)'T'
            && ByteText.PackedDay(ref time.Start) == work.Day
            && ByteText.IsTimeOfDay(ref Unsafe.Add(ref time.Start, 11)))
        {
            counts &= work.DayCounts;
            return true;
        }

        return TryReadOtherDay(work, time, ref counts);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadOtherDay(ScanWork work, ByteCell time, ref bool counts)
    {
        if (!OrderColumns.TryReadTime(Encoding.UTF8.GetString(time.Text), out var at))
            return false;
        var itCounts = day is null || at is null || BusinessDay.Of(at.Value) == day;
        counts &= itCounts;
        if (time.Length == 19 && Unsafe.Add(ref time.Start, 10) is (byte)' ' or (byte)'T'
            && ByteText.TryReadDay(new ByteCell(ref time.Start, 10).Text, out _))
            (work.Day, work.DayCounts) = (ByteText.PackedDay(ref time.Start), itCounts);
        return true;
    }

    // Sums of so many rows must not overflow.
    private const long MinorMax = 100_000_000_000;

    /// <summary>False for a cell that the careful reader may strip of something at one of its ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBare(ByteCell cell) => cell.Length == 0
        || !(IsStripped(cell.Start) || IsStripped(Unsafe.Subtract(ref cell.End, 1)));

    // Spaces, tabs, quotes and =; and the first and last bytes of wide spaces.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsStripped(byte end) =>
        end is <= (byte)' ' or (byte)'`' or (byte)'\'' or (byte)'=' or 0xC2 or 0xE3 or 0xA0 or 0x80;
}
