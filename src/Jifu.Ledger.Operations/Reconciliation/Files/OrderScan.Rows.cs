using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows, byte by byte: what is written the usual way at once, the rest cell by cell as the careful reader
/// does.</summary>
internal sealed partial class OrderScan
{
    [MethodImpl(ScanLoops.Compiled)]
    protected override bool Rows(ScanWork work, int length, long offset)
    {
        ref var text = ref work.Text;
        ref var mark = ref work.Marks[0];
        mark = -1;
        var found = Found(work, ref text, length, ref Unsafe.Add(ref mark, 1));
        if (found.Marks != found.Lines * columns.Count || found.IsOdd || (work.HasQuotes && found.HasQuotes)
            || (!isUtf8 && !ByteGbk.IsValid(MemoryMarshal.CreateReadOnlySpan(ref text, length))))
            return false;
        // The same code twice: where there are no quotes, no cell is asked for any.
        return work.HasQuotes
            ? Quoted(work, ref text, ref mark, found.Lines, offset)
            : Bare(work, ref text, ref mark, found.Lines, offset);
    }

    [MethodImpl(ScanLoops.Compiled | MethodImplOptions.NoInlining)]
    private bool Quoted(ScanWork work, ref byte text, ref int mark, int lines, long offset) =>
        Lines(work, ref text, ref mark, lines, offset, isQuoted: true);

    [MethodImpl(ScanLoops.Compiled | MethodImplOptions.NoInlining)]
    private bool Bare(ScanWork work, ref byte text, ref int mark, int lines, long offset) =>
        Lines(work, ref text, ref mark, lines, offset, isQuoted: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Lines(ScanWork work, ref byte text, ref int mark, int lines, long offset, bool isQuoted)
    {
        unchecked
        {
            for (int line = 0, start = 0; line < lines; line++)
            {
                // As many marks as lines have, each line's last one its end: then no line ends in between.
                ref var last = ref Unsafe.Add(ref mark, columns.Count);
                var end = last;
                if (Unsafe.Add(ref text, end) != '\n' || end == start || end - start >= ScanWork.RowBytesMax)
                    return false;
                if (Unsafe.Add(ref text, end - 1) == '\r')
                    last = end - 1;
                if (!Take(work, new(ref text, ref mark, 0, isQuoted), Math.Min(bodyEnd, offset + end + 1)))
                    return false;
                start = end + 1;
                last = end;
                mark = ref last;
            }
        }

        return true;
    }

    // Most files have no quotes at all; the others have them nearly everywhere.
    private FoundMarks Found(ScanWork work, ref byte text, int length, ref int mark)
    {
        if (!work.HasQuotes)
        {
            var found = ByteMarks.Find(ref text, length, ref mark, marks);
            work.HasQuotes = found.HasQuotes;
            if (!found.HasQuotes)
                return found;
        }

        return ByteMarks.FindQuoted(ref text, length, ref mark, marks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Take(ScanWork work, RowCells cells, long next)
    {
        var isDone = true;
        if ((columns.Status >= 0 && !TryReadStatus(work, cells[columns.Status], out isDone))
            || (columns.CurrencyAt >= 0 && isDone && !IsYuan(work, cells[columns.CurrencyAt]))
            || !TryReadMinors(cells, isDone, out var amount, out var fee)
            || !TryReadKind(work, cells, isDone, ref amount, out var kind))
            return false;
        var isOfDay = true;
        var number = NumberOf(cells, kind);
        var reference = cells.IfAny(columns.Reference);
        var merchant = cells.IfAny(columns.Merchant);
        if ((number.Length == 0 && isDone) || !IsBare(number) || !IsBare(reference) || !IsBare(merchant)
            || (columns.RefundNumber >= 0 && kind is BillLineKind.Refund && MayBeSum(cells))
            || (columns.At >= 0 && !TryReadDay(work, cells[columns.At], out isOfDay)))
            return false;
        var counts = isDone & isOfDay & coverage.Covers(kind);
        if (expectedMerchant is not null && merchant.Length > 0)
            counts &= merchant.Text.SequenceEqual(expectedMerchant);
        // Hashes are of UTF-8.
        if (!isUtf8 && !(Ascii.IsValid(number.Text) && Ascii.IsValid(reference.Text) && Ascii.IsValid(merchant.Text)))
            return false;
        if (turnsFees && columns.TurnsFee(kind))
            fee = -fee;
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
            work.LeftOut[(int)Why(cells, kind, isDone, isOfDay)]++;
        }

        work.Place(identity.Key, next);
        return true;
    }

    // As the careful reader finds it; only of rows that do not count.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private LeftOutReason Why(RowCells cells, BillLineKind kind, bool isDone, bool isOfDay)
    {
        var number = cells[columns.Number];
        if ((number.Length == 0 || SumRow.MayBegin(number.Start)) && columns.IsSum(Texts(cells)))
            return LeftOutReason.Sum;
        return !isDone ? LeftOutReason.NotDone
            : !coverage.Covers(kind) ? LeftOutReason.OtherKind
            : !isOfDay ? LeftOutReason.OtherDay
            : LeftOutReason.OtherMerchant;
    }

    private List<string> Texts(RowCells cells)
    {
        var texts = new List<string>(columns.Count);
        for (var place = 0; place < columns.Count; place++)
            texts.Add(OrderColumns.Trimmed(Text(cells[place])));
        return texts;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadKind(ScanWork work, RowCells cells, bool isDone, ref long amount, out BillLineKind kind)
    {
        kind = columns.Kind >= 0 ? (BillLineKind)kinds.MeaningOf(cells[columns.Kind], ref work.Kind)
            : amount < 0 && negativeRefunds ? BillLineKind.Refund
            : BillLineKind.Payment;
        if (kind is BillLineKind.None && !isDone && cells[columns.Kind].Length == 0)
            kind = BillLineKind.Payment;
        if (negativeRefunds && kind is not BillLineKind.Payment)
            amount = -amount;
        return kind is not BillLineKind.None && (amount >= 0 || !isDone);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ByteCell NumberOf(RowCells cells, BillLineKind kind)
    {
        var own = cells.IfAny(kind is BillLineKind.Refund ? columns.RefundNumber : -1);
        return own.Length > 0 ? own : cells[columns.Number];
    }

    // A row of sums says so where payments have their number, whatever stands where refunds have theirs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MayBeSum(RowCells cells)
    {
        var place = columns.Number;
        for (var next = 0; next < columns.Count && cells[place].Length == 0; next++)
            place = next;
        return !IsBare(cells[place]) || SumRow.Is(Text(cells[place]));
    }

    // What it does not know may be yuan all the same: the careful reader decides.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsYuan(ScanWork work, ByteCell currency) =>
        currency.Length == 0 || currencies.MeaningOf(currency, ref work.Currency) == Done;

    // Only what is done should stand in the bill.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadStatus(ScanWork work, ByteCell status, out bool isDone)
    {
        var meaning = statuses.MeaningOf(status, ref work.Status);
        isDone = meaning == Done;
        return meaning != 0 || (!knowsStatuses && IsBare(status)
            && (isUtf8 || status.Length == 0 || Ascii.IsValid(status.Text)
                || !(status.Start == GbkSpace || Unsafe.Subtract(ref status.End, 1) == GbkSpace)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadDay(ScanWork work, ByteCell time, out bool isOfDay)
    {
        if (time.Length == ByteText.TimeLength && Unsafe.Add(ref time.Start, 10) is (byte)' ' or (byte)'T'
            && work.Day.Begins(ref time.Start)
            && ByteText.IsTimeOfDay(ref Unsafe.Add(ref time.Start, 11)))
        {
            isOfDay = work.IsDay;
            return true;
        }

        return TryReadOtherDay(work, time, out isOfDay);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadOtherDay(ScanWork work, ByteCell time, out bool isOfDay)
    {
        isOfDay = true;
        if (!OrderColumns.TryReadTime(Text(time), out var at))
            return false;
        isOfDay = request.Day is not { } day || at is null || BusinessDay.Of(at.Value) == day;
        if (time.Length == ByteText.TimeLength && Unsafe.Add(ref time.Start, 10) is (byte)' ' or (byte)'T'
            && ByteText.TryReadDay(new ByteCell(ref time.Start, 10).Text, out _))
            (work.Day, work.IsDay) = (new(ref time.Start), isOfDay);
        return true;
    }

    // Both bytes of a wide space.
    private const byte GbkSpace = 0xA1;

    // What a word for a status means.
    private const int Done = 1, NotDone = 2;

    /// <summary>False for a cell that the careful reader may strip of something at one of its ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBare(ByteCell cell) => cell.Length == 0
        || !(IsStripped(cell.Start) || IsStripped(Unsafe.Subtract(ref cell.End, 1)));

    // Spaces, tabs, quotes and =; and the first and last bytes of wide spaces. Most ends are digits or letters.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsStripped(byte end) => end < 64
        ? ((Stripped >> end) & 1) != 0
        : end is (byte)'`' or 0xC2 or 0xE3 or 0xA0 or 0x80;

    private const ulong Stripped = (1UL << '"') | (1UL << '\'') | (1UL << '=') | ((1UL << (' ' + 1)) - 1);
}
