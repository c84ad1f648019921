using System.Runtime.CompilerServices;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>All rows dealt out, as bytes.</summary>
internal sealed partial class OrderScan
{
    protected override void Deal(ScanWork work, int length, long place, DealtRows to)
    {
        ref var text = ref work.Text;
        ref var mark = ref work.Marks[0];
        mark = -1;
        var lines = Found(work, ref text, length, ref Unsafe.Add(ref mark, 1)).Lines;
        for (var line = 0; line < lines; line++)
        {
            ref var last = ref Unsafe.Add(ref mark, columns.Count);
            var end = last;
            if (Unsafe.Add(ref text, end - 1) == '\r')
                last = end - 1;
            Deal(work, new(ref text, ref mark, 0, work.HasQuotes), place + line, to);
            last = end;
            mark = ref last;
        }
    }

    private void Deal(ScanWork work, RowCells cells, long place, DealtRows to)
    {
        var isDone = columns.Status < 0 || statuses.MeaningOf(cells[columns.Status], ref work.Status) == Done;
        // They were read before.
        TryReadMinors(cells, isDone, out var amount, out var fee);
        TryReadKind(work, cells, isDone, ref amount, out var kind);
        var number = NumberOf(cells, kind);
        if (MayBeginSum(number) && LineOf(work, cells, 0) is { } sum && SumRow.Is(sum, request.Mapping))
        {
            DealSum(work, sum, place, to);
            return;
        }

        if (isDone && number.Text.Contains((byte)'+') && RoundedNumber.IsScientific(Text(number)))
            work.HasRounded = true;
        var reference = cells.IfAny(columns.Reference);
        var merchant = cells.IfAny(columns.Merchant);
        if (turnsFees && columns.TurnsFee(kind))
            fee = -fee;
        var identity = hash.Of(
            kind, amount, fee, true, ref number.Start, number.Length, ref reference.Start, reference.Length,
            ref merchant.Start, merchant.Length);
        var packer = work.Packer;
        packer.Begin(RowHead.Bytes);
        AddText(packer, number);
        AddText(packer, reference);
        AddText(packer, merchant);
        AddText(packer, isDone ? new(ref number.Start, 0) : cells[columns.Status]);
        var isFeeTold = columns.Fee >= 0 && cells[columns.Fee].Length > 0;
        var ticks = columns.At < 0 ? null : TicksOf(cells[columns.At]);
        var marks = (isDone ? RowMarks.None : RowMarks.HasStatus) | (isFeeTold ? RowMarks.HasFee : RowMarks.None)
            | (ticks is null ? RowMarks.None : RowMarks.HasTime)
            | (isDone && Counts(kind, ticks, merchant) ? RowMarks.Counts : RowMarks.None);
        to.Deal(packer, new(
            identity.Key, place, amount, isFeeTold ? fee : 0, ticks ?? 0, 0, (short)kind, (short)marks));
    }

    // It has been taken for an order.
    private void DealSum(ScanWork work, OrderLine sum, long place, DealtRows to)
    {
        if (request.Expects(sum))
        {
            work.Uncount(sum.Kind, sum.Amount.MinorUnits, sum.Fee?.MinorUnits ?? 0);
            work.LeftOut[(int)LeftOutReason.Sum]++;
        }

        var line = SumRow.Line(0);
        to.Deal(work.Packer, line, hash.Of(line).Key, place, counts: false);
    }

    private bool Counts(BillLineKind kind, long? ticks, ByteCell merchant) =>
        coverage.Covers(kind)
        && (request.Day is not { } day || ticks is not { } at
            || BusinessDay.Of(new DateTimeOffset(at, TimeSpan.Zero)) == day)
        && (expectedMerchant is null || merchant.Length == 0 || merchant.Text.SequenceEqual(expectedMerchant));

    // Of UTC; null for an empty cell.
    private long? TicksOf(ByteCell time)
    {
        Span<char> text = stackalloc char[ByteText.TimeLength];
        if (time.Length == text.Length)
        {
            for (var at = 0; at < text.Length; at++)
                text[at] = (char)time.Text[at];
            if (BillTime.TryRead(text, out var beijing) && beijing.Year > 1)
                return (beijing - BusinessDay.Offset).Ticks;
        }

        return OrderColumns.TryReadTime(Text(time), out var moment) ? moment?.UtcTicks : null;
    }

    private void AddText(RowPacker packer, ByteCell cell)
    {
        if (isUtf8)
            packer.Add(cell.Text);
        else
            packer.Add(Text(cell));
    }

    private static bool MayBeginSum(ByteCell number) => number.Length > 0 && SumRow.MayBegin(number.Start);
}
