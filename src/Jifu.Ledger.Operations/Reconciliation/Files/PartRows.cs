using System.Runtime.InteropServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows of one side and one part in memory, as they were dealt out.</summary>
internal sealed class PartRows(DealtRows dealt)
{
    private byte[] bytes = [];

    // Where each row begins; and after each the next one of its key, -1 for none.
    private int[] starts = [], next = [];
    private string merchant = "";

    public int Count { get; private set; }

    /// <summary>Takes the place of the part read before.</summary>
    public void Read(int part)
    {
        var length = dealt.Spool.Read(part, ref bytes);
        Count = 0;
        for (var at = 0; at < length; Count++)
        {
            if (Count == starts.Length)
                Array.Resize(ref starts, Math.Max(1_024, Count * 2));
            starts[Count] = at;
            at += MemoryMarshal.Read<RowHead>(bytes.AsSpan(at)).Length;
        }

        if (next.Length < Count)
            next = new int[starts.Length];
        next.AsSpan(0, Count).Fill(-1);
    }

    public RowHead Head(int row) => MemoryMarshal.Read<RowHead>(bytes.AsSpan(starts[row]));

    public PackedTexts Texts(int row, RowHead head) =>
        new(bytes.AsSpan(starts[row] + RowHead.Bytes, head.Length - RowHead.Bytes));

    public ReadOnlySpan<byte> Number(int row, RowHead head) => Texts(row, head).Next();

    public int Next(int row) => next[row];

    public void Follow(int row, int by) => next[row] = by;

    public BillLine BillLine(int row)
    {
        var head = Head(row);
        var texts = Texts(row, head);
        var (number, reference, its) = (texts.NextText(), texts.NextText(), Merchant(texts.Next()));
        var status = Status(texts.NextText(), head);
        return new(
            head.Kind, number, reference, Cny(head.Amount), Cny(head.Fee), status, At(head.Ticks),
            head.Line(dealt.FirstLines), its, texts.NextText(), texts.NextText());
    }

    public OrderLine OrderLine(int row)
    {
        var head = Head(row);
        var texts = Texts(row, head);
        var (number, reference, its) = (texts.NextText(), texts.NextText(), Merchant(texts.Next()));
        return new(
            head.Kind, number, reference, Cny(head.Amount), head.Has(RowMarks.HasFee) ? Cny(head.Fee) : null,
            Status(texts.NextText(), head), head.Has(RowMarks.HasTime) ? At(head.Ticks) : null, its,
            head.Line(dealt.FirstLines));
    }

    // Many rows in a row have the same.
    private string Merchant(ReadOnlySpan<byte> text)
    {
        if (!SameText.Is(text, merchant))
            merchant = SameText.Of(text);
        return merchant;
    }

    private static string? Status(string text, RowHead head) => head.Has(RowMarks.HasStatus) ? text : null;

    private static Money Cny(long minor) => new(minor, Currency.CNY);

    private static DateTimeOffset At(long utcTicks) => new DateTimeOffset(utcTicks, TimeSpan.Zero)
        .ToOffset(BusinessDay.Offset);
}
