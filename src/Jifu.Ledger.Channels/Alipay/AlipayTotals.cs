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

    private bool isSaid;

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
        if (!Yuan.TryReadCount(said.Groups["rows"].Value, out var count) || count < Rows || count > Rows + Zeros)
            throw Differs(said.Groups["rows"], Rows.ToString(CultureInfo.InvariantCulture), file);
        if (!Yuan.TryRead(said.Groups["yuan"].Value, Yuan.Fen, out var units) || Math.Abs(units) != Fen)
            throw Differs(said.Groups["yuan"], Yuan.Text(Fen, Yuan.Fen), file);
        isSaid = true;
    }

    /// <summary>At the end: the bill must have said it.</summary>
    public void MustBeSaid(BillText file)
    {
        if (!isSaid)
            throw file.Reject(BillRejection.BillTruncated, 1, $"a line '#{name}：…' above");
    }

    private BillRejectedException Differs(Group said, string sum, BillText file) =>
        file.Reject(BillRejection.BillTotalsDiffer, said.Index + 1, $"{sum} ({name}), not '{said.Value}'");
}
