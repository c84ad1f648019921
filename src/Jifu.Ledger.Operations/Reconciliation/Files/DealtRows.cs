using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows of one file, dealt out by their keys into parts that fit into memory, in a temporary file.
/// </summary>
internal sealed class DealtRows(int parts) : IDisposable
{
    private readonly Spool spool = new(parts);

    /// <summary>The lines in which the file's segments begin; none for a file read from its beginning to its end.
    /// </summary>
    public int[] FirstLines { get; set; } = [0];

    /// <summary>The last line.</summary>
    public int LinesMax { get; set; }

    public Spool Spool => spool;

    /// <summary>Deals out what has been put together.</summary>
    public void Deal(RowPacker row, RowHead head) =>
        spool.Write((int)(head.Key % (ulong)spool.Parts), row.End(head with { Length = row.Length }));

    public void Deal(RowPacker to, BillLine line, ulong key)
    {
        LinesMax = Math.Max(LinesMax, line.LineNo);
        to.Begin(RowHead.Bytes);
        to.Add(line.Number);
        to.Add(line.ChannelReference);
        to.Add(line.Merchant);
        to.Add(line.Status ?? "");
        to.Add(line.PaymentNumber);
        to.Add(line.PaymentReference);
        var marks = RowMarks.HasFee | RowMarks.HasTime | RowMarks.Counts;
        Deal(to, new(
            key, line.LineNo, line.Amount.MinorUnits, line.Fee.MinorUnits, line.At.UtcTicks, 0, (short)line.Kind,
            (short)(line.Status is null ? marks : marks | RowMarks.HasStatus)));
    }

    /// <param name="place">Its line, unless that is not known yet.</param>
    public void Deal(RowPacker to, OrderLine line, ulong key, long place, bool counts)
    {
        to.Begin(RowHead.Bytes);
        to.Add(line.Number);
        to.Add(line.Reference);
        to.Add(line.Merchant);
        to.Add(line.Status ?? "");
        var marks = (line.Status is null ? RowMarks.None : RowMarks.HasStatus)
            | (line.Fee is null ? RowMarks.None : RowMarks.HasFee)
            | (line.At is null ? RowMarks.None : RowMarks.HasTime)
            | (counts ? RowMarks.Counts : RowMarks.None);
        Deal(to, new(
            key, place, line.Amount.MinorUnits, line.Fee?.MinorUnits ?? 0, line.At?.UtcTicks ?? 0, 0,
            (short)line.Kind, (short)marks));
    }

    /// <summary>Forgets all rows, to be dealt out anew.</summary>
    public void Clear()
    {
        spool.Clear();
        (FirstLines, LinesMax) = ([0], 0);
    }

    public void Dispose() => spool.Dispose();
}
