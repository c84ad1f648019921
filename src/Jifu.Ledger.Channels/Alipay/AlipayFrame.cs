using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

using static BillRejection;

/// <summary>What all of Alipay's bills have around their rows: lines that begin with <c>#</c> say what the bill is,
/// whose and of which days; more of them at the end sum it up.</summary>
internal sealed partial class AlipayFrame
{
    private const int HeadLinesMax = 20;
    private const string CurrencySuffix = "0156";
    private const string Made = "a last line '#导出时间：[yyyy年MM月dd日 HH:mm:ss]'";

    private readonly BillText file;

    /// <summary>Reads up to the line of headings.</summary>
    public AlipayFrame(BillText file, BillExpectation expected)
    {
        this.file = file;
        BusinessDay? from = null, to = null;
        for (var line = Next(); !IsListMark(line); line = Next())
        {
            if (file.Line > HeadLinesMax || line is not ['#', ..])
                throw file.Reject(BillHeaderUnknown, 1, "a line '#---…列表---' before the headings");
            if (AccountLine.Match(line) is { Success: true } account)
                Account = Expected(account.Groups["number"], expected.Merchant);
            else if (RangeLine.Match(line) is { Success: true } range)
                (from, to) = (Moment(range.Groups["from"], 0), Moment(range.Groups["to"], -1));
        }

        if (Account.Length == 0)
            throw file.Reject(BillHeaderUnknown, 1, "a line '#账号：[…]' above");
        if (from is null || to is null)
            throw file.Reject(BillHeaderUnknown, 1, "a line '#起始日期：[…]   终止日期：[…]' above");
        if (expected.Day is { } day && (from != day || to != day))
            throw file.Reject(BillDayDiffers, 1, $"a bill of {day}, not of {from} to {to}");
        (Headings, Scope) = (Next(), $"{Account} {from} {to}");
    }

    /// <summary>The account's number, without the currency that files append to it.</summary>
    public string Account { get; } = "";

    public string Headings { get; }

    /// <summary>Whose bill and of which days: what documents that tell of the same share.</summary>
    public string Scope { get; }

    /// <summary>The rows, read one by one, and below them the sums, which must be said and be right.</summary>
    /// <param name="totals">What has counted the rows while they were read.</param>
    public IEnumerable<TRow> Rows<TRow>(Func<string, TRow> read, params IReadOnlyList<AlipayTotals> totals)
    {
        foreach (var line in Rows())
            yield return read(line);
        foreach (var line in Foot())
        {
            foreach (var total in totals)
                total.Check(line, file);
        }

        foreach (var total in totals)
            total.MustBeSaid(file);
    }

    /// <summary>The rows, up to the line that ends the list.</summary>
    public IEnumerable<string> Rows()
    {
        var line = Next();
        for (; line is not ['#', ..]; line = Next())
            yield return line;
        if (!IsListMark(line) || !line.Contains("结束", StringComparison.Ordinal))
            throw file.Reject(BillRowMalformed, 1, "a row, or the line '#---…列表结束---'");
    }

    /// <summary>The lines below the list, up to the one that says when the bill was made; then the file must end.
    /// </summary>
    public IEnumerable<string> Foot()
    {
        var line = Read(Made);
        for (; !line.StartsWith("#导出时间", StringComparison.Ordinal); line = Read(Made))
        {
            if (line is not (['#', ..] or []))
                throw file.Reject(BillDataAfterSummary, 1, "totals that begin with #");
            yield return line;
        }

        if (!MadeLine.IsMatch(line))
            throw file.Reject(BillTruncated, line.Length + 1, Made);
        file.ExpectEnd();
    }

    private string Next() => Read("the rest of the bill") is var line && !file.LineIsOpen
        ? line
        : throw file.Reject(BillTruncated, line.Length + 1, "the rest of the bill");

    private string Read(string expected) =>
        Unpadded(file.Next()) ?? throw file.Reject(BillTruncated, 1, expected);

    /// <summary>A line around the rows without the commas by which spreadsheets make it as wide as a row.</summary>
    [return: NotNullIfNotNull(nameof(line))]
    public static string? Unpadded(string? line) => line is ['#', ..] ? line.TrimEnd(',') : line;

    private static bool IsListMark(string line) =>
        line is ['#', '-', ..] && line.Contains("列表", StringComparison.Ordinal);

    private string Expected(Group number, string? merchant)
    {
        var account = Bare(number.Value);
        return merchant is null || account == Bare(merchant)
            ? account
            : throw file.Reject(BillMerchantDiffers, number.Index + 1, $"{merchant}, not '{number.Value}'");
    }

    private static string Bare(string number) =>
        number.Length == 20 && number.EndsWith(CurrencySuffix, StringComparison.Ordinal)
            ? number[..^CurrencySuffix.Length]
            : number;

    // A bill ends with the first second of the day after, or with the last of the day.
    private BusinessDay Moment(Group at, int seconds) =>
        DateTime.TryParseExact(
            at.Value, "yyyy年MM月dd日 HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year > 1
            ? BusinessDay.Of(new DateTimeOffset(time, BusinessDay.Offset).AddSeconds(seconds))
            : throw file.Reject(BillTimeMalformed, at.Index + 1, "yyyy年MM月dd日 HH:mm:ss");

    [GeneratedRegex(@"^#账号[:：]\s*\[?(?<number>[0-9]{1,32})\]?\s*$")]
    private static partial Regex AccountLine { get; }

    [GeneratedRegex(@"^#起始日期[:：]\s*\[(?<from>[^\]]*)\]\s*终止日期[:：]\s*\[(?<to>[^\]]*)\]\s*$")]
    private static partial Regex RangeLine { get; }

    [GeneratedRegex(@"^#导出时间[:：]\s*\[[0-9]{4}年[0-9]{2}月[0-9]{2}日 [0-9]{2}:[0-9]{2}:[0-9]{2}\]\s*$")]
    private static partial Regex MadeLine { get; }
}
