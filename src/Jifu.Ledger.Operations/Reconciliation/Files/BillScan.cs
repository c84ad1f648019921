using System.Text;
using System.Text.Unicode;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A trade bill of WeChat Pay, whichever layout, read fast.</summary>
internal sealed partial class BillScan : FileScan
{
    private readonly BillScanColumns columns;
    private readonly RowHash hash;
    private readonly FileReconciliationRequest request;
    private readonly bool anyDay;
    private readonly PackedDay day;
    private readonly byte[]? merchant;
    private readonly byte[] tail;

    private BillScan(
        SafeFileHandle file, int headLength, byte[] tail, BillScanColumns columns, RowHash hash,
        FileReconciliationRequest request)
        : base(file, headLength, RandomAccess.GetLength(file) - tail.Length)
    {
        (this.tail, this.columns, this.hash, this.request) = (tail, columns, hash, request);
        merchant = request.Merchant is { } number ? Encoding.UTF8.GetBytes(number) : null;
        anyDay = request.Day is null;
        if (request.Day is { } expected)
            day = new(ref Encoding.ASCII.GetBytes($"{expected}")[0]);
    }

    /// <summary>Which kinds of trades the bill lists, when its headings tell that it is all; otherwise null.</summary>
    public BillCoverage? Coverage => columns.ListsAll ? BillCoverage.All : null;

    protected override int FirstLine => 2;

    /// <summary>Null when only the careful reader can read it.</summary>
    public static BillScan? TryOpen(FileReconciliationRequest request, RowHash hash)
    {
        if (request.Channel is not (Channel.WeChatPay or Channel.Sandbox) || !BitConverter.IsLittleEndian)
            return null;
        var file = File.OpenHandle(request.BillPath, options: FileOptions.SequentialScan);
        var start = new byte[8_192];
        var end = new byte[Math.Min(ScanWork.RowBytesMax, RandomAccess.GetLength(file))];
        var head = start.AsSpan(0, RandomAccess.Read(file, start, 0));
        head = head[..(head.IndexOf((byte)'\n') + 1)];
        RandomAccess.Read(file, end, RandomAccess.GetLength(file) - end.Length);
        var tailStart = end.AsSpan().LastIndexOf("\n总交易单数"u8) + 1;
        if (BillScanColumns.TryRead(head) is { } columns && tailStart > 0
            && RandomAccess.GetLength(file) - end.Length + tailStart >= head.Length)
            return new(file, head.Length, end[tailStart..], columns, hash, request);
        file.Dispose();
        return null;
    }

    /// <summary>True when the bill's own totals say what its rows sum up to.</summary>
    public bool TotalsAre(IReadOnlyCollection<ScanWork> works)
    {
        var lines = Encoding.UTF8.GetString(tail).Split('\n').Select(line => line is [.., '\r'] ? line[..^1] : line)
            .ToList();
        if (lines.Count < 3 || lines.Skip(2).Any(line => line.Length > 0) || lines[1] is not ['`', ..]
            || !Utf8.IsValid(tail) || !lines.Take(2).All(BillText.IsText))
            return false;
        var (headings, cells) = (lines[0].Split(','), lines[1][1..].Split(",`"));
        if (cells.Length != headings.Length)
            return false;
        var said = new string?[TradeBillColumns.Totals.Length];
        for (var place = 0; place < cells.Length; place++)
        {
            if (!TradeBillColumns.KnownTotals.TryGetValue(headings[place], out var total))
                continue;
            if (said[(int)total] is not null)
                return false;
            said[(int)total] = cells[place];
        }

        // The careful reader refuses what is larger than any bill.
        if (Sum(works, work => work.Paid + work.Refunded + work.FeesEitherWay) > Money.LargestMinorUnits)
            return false;
        var totals = TotalsOf(works);
        foreach (var required in TradeBillTotals.RequiredOf(columns.Refund >= 0))
        {
            if (said[(int)required] is null)
                return false;
        }

        for (var total = 0; total < said.Length; total++)
        {
            if (said[total] is { } cell && !totals.IsSaidBy(cell, (TradeBillTotal)total))
                return false;
        }

        return true;
    }

    private static TradeBillTotals TotalsOf(IReadOnlyCollection<ScanWork> works) => new(
        Sum(works, work => work.Totals.Rows), Sum(works, work => work.Settled),
        Sum(works, work => work.RefundedTotal), Sum(works, work => work.CouponRefunded),
        Sum(works, work => work.FeeHundredThousandths), Sum(works, work => work.Ordered),
        Sum(works, work => work.RequestedRefund));

    // The code of the library's sum has to be made in each run.
    private static long Sum(IReadOnlyCollection<ScanWork> works, Func<ScanWork, long> of) =>
        works.Aggregate(0L, (sum, work) => sum + of(work));
}
