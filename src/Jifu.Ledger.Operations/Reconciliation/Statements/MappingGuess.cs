using System.Globalization;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Guesses how a bank's statement is to be read, by the headings that banks use. A person looks at the guess
/// before it is saved.</summary>
internal static class MappingGuess
{
    private const int LinesSeen = 80;

    private static readonly string[] Dates =
        ["交易日期", "交易日", "记账日期", "入账日期", "交易时间", "记账时间", "日期", "Date", "Transaction Date", "Booking Date"];
    private static readonly string[] Times = ["交易时间", "记账时间", "时间", "Time"];
    private static readonly string[] Ins =
        ["贷方发生额", "贷方金额", "收入金额", "收入", "贷方", "存入金额", "转入金额", "贷方发生额（收入）", "贷方发生额(收入)", "Credit", "Deposit"];
    private static readonly string[] Outs =
        ["借方发生额", "借方金额", "支出金额", "支出", "借方", "支取金额", "转出金额", "借方发生额（支取）", "借方发生额(支取)", "Debit", "Withdrawal"];
    private static readonly string[] Amounts = ["交易金额", "发生额", "金额", "Amount"];
    private static readonly string[] Directions = 
        ["借贷标志", "借贷标记", "借贷标识", "借贷方向", "借贷", "收支标志", "收/支", "收支", "借/贷", "Direction"];
    private static readonly string[] Balances = ["余额", "账户余额", "交易后余额", "本次余额", "Balance"];
    private static readonly string[] References =
        ["交易流水号", "流水号", "交易流水", "凭证号", "业务流水号", "银行流水号", "参考号", "账户明细编号-交易流水号",
            "Reference"];
    private static readonly string[] Counterparties = ["对方户名", "对方名称", "对方单位", "交易对手", "Counterparty"];
    private static readonly string[] Notes = ["摘要", "附言", "用途", "备注", "Note", "Description"];

    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd", "yyyy/M/d", "yyyyMMdd HH:mm:ss",
        "yyyy/MM/dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyyMMddHHmmss", "yyyy年MM月dd日", "yyyy.MM.dd",
    ];

    private static readonly string[] TimeFormats = ["HH:mm:ss", "HHmmss", "HH:mm"];

    /// <exception cref="StatementRejectedException">Nothing in it looks like a statement's headings.</exception>
    public static StatementMapping Of(ChannelBillFile file)
    {
        foreach (var raw in Forms(file))
        {
            var rows = StatementRows.Of(file, raw).Take(LinesSeen).ToList();
            for (var at = 0; at < rows.Count; at++)
            {
                if (Guess(rows[at], rows[(at + 1)..], raw) is { } mapping)
                    return mapping;
            }
        }

        throw new StatementRejectedException(
            StatementRejection.StatementHeadingsMissing, file.FileName, "",
            "expected headings of a date and of an amount (日期, 金额, or 收入 and 支出)");
    }

    // Many banks put a page of their own before the sheet of movements.
    private static IEnumerable<StatementMapping> Forms(ChannelBillFile file) =>
        StatementRows.SheetsOf(file) is { Count: > 0 } sheets
            ? sheets.Select((sheet, at) =>
                new StatementMapping("", "", "utf-8", ",", 0, Sheet: at == 0 ? null : sheet))
            : SeparatedText.Separators.Select(separator =>
                new StatementMapping("", "", EncodingOf(file.Content.Span), $"{separator}", 0));

    private static string EncodingOf(ReadOnlySpan<byte> content) =>
        SeparatedText.IsUtf8(content, isWhole: true) ? "utf-8" : "gb18030";

    private static StatementMapping? Guess(StatementRow headings, List<StatementRow> below, StatementMapping raw)
    {
        var (date, comes, goes, one) =
            (Find(headings, Dates), Find(headings, Ins), Find(headings, Outs), Find(headings, Amounts));
        var both = comes is not null && goes is not null;
        if (date is null || (!both && one is null))
            return null;
        var time = Find(headings, Times) is { } found && found != date ? found : null;

        // What is called a time may be day and time together.
        if (time is not null && FormatOf(below, headings, time, DateFormats) is not null)
            (date, time) = (time, null);
        var direction = both ? null : Find(headings, Directions);
        const string OutWords = "借|借方|支出|支|付|付款|转出|D|DR|Debit";
        return raw with
        {
            Date = date, DateFormat = FormatOf(below, headings, date, DateFormats) ?? DateFormats[0],
            Time = time,
            TimeFormat = time is null ? null : FormatOf(below, headings, time, TimeFormats) ?? TimeFormats[0],
            In = both ? comes : null, Out = both ? goes : null, Amount = both ? null : one,
            Direction = direction,
            OutWords = direction is null ? null : OutWords,
            MinusOut = AllMinus(below, headings, both ? goes! : one!, direction, OutWords) ? "out" : null,
            Balance = Find(headings, Balances), Reference = Find(headings, References),
            Counterparty = Find(headings, Counterparties), Note = Find(headings, Notes),
        };
    }

    // Only some of them with a minus were taken back, perhaps: somebody has to say so.
    private static bool AllMinus(
        List<StatementRow> below, StatementRow headings, string amount, string? direction, string outWords)
    {
        var names = headings.Cells.ToList();
        var (at, says) = (names.IndexOf(amount), direction is null ? -1 : names.IndexOf(direction));
        if (direction is null && Amounts.Any(word => IsHeading(amount, word)))
            return false;
        var going = below.Where(row => says < 0 || outWords.Split('|').Contains(row[says]))
            .Select(row => OrderAmount.TryRead(row[at], 2, exact: false, out var fen) ? fen : 0)
            .Where(fen => fen != 0).ToList();
        return going.Count > 0 && going.All(fen => fen < 0);
    }

    private static string? Find(StatementRow headings, string[] words) =>
        words.SelectMany(word => headings.Cells.Where(cell => IsHeading(cell, word))).FirstOrDefault();

    // 余额(元) and 余额（人民币） are headings of 余额.
    private static bool IsHeading(string cell, string word) =>
        cell.Equals(word, StringComparison.OrdinalIgnoreCase)
        || (cell.StartsWith(word, StringComparison.OrdinalIgnoreCase) && cell[word.Length] is '(' or '（'
            && cell[^1] is ')' or '）');

    /// <returns>The format of the first row that has one of them: a balance at the beginning often has none.</returns>
    private static string? FormatOf(
        List<StatementRow> below, StatementRow headings, string heading, string[] formats)
    {
        var column = headings.Cells.ToList().IndexOf(heading);
        return below.Select(row => Array.Find(formats, format => DateTime.TryParseExact(
            row.Moment(column), format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
            .FirstOrDefault(format => format is not null);
    }
}
