using System.Globalization;
using System.Text.RegularExpressions;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

/// <summary>A sum below a list, such as <c>#退款合计：1笔，商家实收退款共-3000.00元，…</c>, and what the rows sum up to.
/// </summary>
/// <param name="name">What is summed up: <c>退款合计</c>.</param>
/// <param name="amount">What stands before the amount: <c>商家实收退款共</c>.</param>
internal sealed class AlipayTotals(string name, string amount)
{
    private readonly Regex pattern = new(
        $@"^#{name}[:：]\s*(?<rows>[0-9.]+)笔[,，]\s*{amount}(?<yuan>-?[0-9.]+)元", RegexOptions.CultureInvariant);

    private readonly string name = name, amount = amount;
    private bool isSaid;
    private Func<AlipayTotals, BillRejectedException?>? check;

    /// <summary>True for a part of a detail, which may say what all parts sum up to: then it is checked at the end of
    /// the file.</summary>
    public bool MayBeOfAll { get; set; }

    public long Rows { get; private set; }

    /// <summary>Rows of nothing, of which nobody knows whether the bill counts them here.</summary>
    public long Zeros { get; private set; }

    public Int128 Fen { get; private set; }

    /// <summary>Counts a row; its amount is positive.</summary>
    public Money Counted(Money row)
    {
        Rows++;
        Fen += row.MinorUnits;
        return row;
    }

    public void CountZero() => Zeros++;

    /// <summary>Compares a line with the rows, if it is this sum.</summary>
    public void Check(string line, BillText file)
    {
        if (!line.StartsWith($"#{name}", StringComparison.Ordinal))
            return;
        var said = pattern.Match(line);
        if (!said.Success)
            throw file.Reject(BillRejection.BillTruncated, line.Length + 1, $"'#{name}：…笔，{amount}…元'");
        isSaid = true;
        var (document, lineNo) = (file.FileName, file.Line);
        var before = check;
        check = all => before?.Invoke(all) ?? Check(said, all, document, lineNo);
        if (!MayBeOfAll && check(this) is { } refused)
            throw refused;
    }

    /// <summary>At the end of a file that holds all parts of one detail: each part has said what it sums up to itself,
    /// or what all of them do.</summary>
    public static void CheckAll(IReadOnlyList<AlipayTotals> parts)
    {
        var all = new AlipayTotals(parts[0].name, parts[0].amount);
        foreach (var part in parts)
            (all.Rows, all.Zeros, all.Fen) = (all.Rows + part.Rows, all.Zeros + part.Zeros, all.Fen + part.Fen);
        foreach (var part in parts)
        {
            if (part.check?.Invoke(part) is { } refused && part.check(all) is not null)
                throw refused;
        }
    }

    /// <summary>At the end: the bill must have said it.</summary>
    public void MustBeSaid(BillText file)
    {
        if (!isSaid)
            throw file.Reject(BillRejection.BillTruncated, 1, $"a line '#{name}：…' above");
    }

    private BillRejectedException? Check(Match said, AlipayTotals of, string file, int line)
    {
        if (!Yuan.TryReadCount(said.Groups["rows"].Value, out var count) || count < of.Rows
            || count > of.Rows + of.Zeros)
            return Differs(said.Groups["rows"], of.Rows.ToString(CultureInfo.InvariantCulture), file, line);
        return !Yuan.TryRead(said.Groups["yuan"].Value, Yuan.Fen, out var units) || Math.Abs(units) != of.Fen
            ? Differs(said.Groups["yuan"], Yuan.Text(of.Fen, Yuan.Fen), file, line)
            : null;
    }

    private BillRejectedException Differs(Group said, string sum, string file, int line) => new(
        BillRejection.BillTotalsDiffer, file, line, said.Index + 1, $"{sum} ({name}), not '{said.Value}'");
}
