namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Which columns of a bank's statement (银行对账单) hold what, by their headings, and how they are
/// written.</summary>
/// <param name="Date">The heading of the day, or of day and time together.</param>
/// <param name="DateFormat">How it is written: <c>yyyy-MM-dd</c>, <c>yyyyMMdd HH:mm:ss</c> … Beijing time.</param>
/// <param name="Encoding"><c>utf-8</c> or <c>gb18030</c>; of no meaning for workbooks.</param>
/// <param name="Separator">Between the cells of a CSV file; of no meaning for workbooks.</param>
/// <param name="SkipLines">Lines to pass over before the headings are looked for.</param>
/// <param name="Time">The heading of the time, when it has a column of its own.</param>
/// <param name="TimeFormat">How that is written: <c>HH:mm:ss</c>.</param>
/// <param name="Amount">The heading of the one column of amounts; null when what comes in and what goes out have one
/// each.</param>
/// <param name="Negate">True when a positive amount goes out.</param>
/// <param name="Direction">The heading of 借贷标志, when amounts bear no sign.</param>
/// <param name="OutWords">What it says when money goes out, words divided by <c>|</c>: <c>借|支出|D</c>.</param>
/// <param name="In">The heading of what comes in (贷方, 收入).</param>
/// <param name="Out">The heading of what goes out (借方, 支出).</param>
/// <param name="Reference">The heading of the bank's number (流水号).</param>
/// <param name="Sheet">The workbook's sheet; null for its first. Of no meaning for CSV files.</param>
/// <param name="ChannelWords">The words by which lines name channels, for those whose usual words do not do:
/// <c>alipay=支付宝|网商银行;unionpay=银联商务</c>.</param>
/// <param name="FirstDay">The day from which on statements are read so, when lines of earlier days were told apart
/// by other columns: an earlier line refuses its statement.</param>
/// <param name="InWords">What <paramref name="Direction"/> says when money comes in; null for the usual words.</param>
/// <param name="MinusOut">What a minus says of an amount that goes out: <c>out</c>, nothing, the bank writes them so;
/// <c>back</c>, it was taken back (红字冲销) and comes in. Null when nothing that goes out has one: else it is
/// refused.</param>
/// <param name="Currency"><c>CNY</c> says that amounts are yuan whatever currency headings or lines above them name;
/// null lets another one refuse the file.</param>
public sealed record StatementMapping(
    string Date, string DateFormat, string Encoding, string Separator, int SkipLines, string? Time = null,
    string? TimeFormat = null, string? Amount = null, bool? Negate = null, string? Direction = null,
    string? OutWords = null, string? In = null, string? Out = null, string? Balance = null, string? Reference = null,
    string? Counterparty = null, string? Note = null, string? Sheet = null, string? ChannelWords = null,
    string? FirstDay = null, string? InWords = null, string? MinusOut = null, string? Currency = null)
{
    private const string UsualInWords = "贷|贷方|收入|收|收款|存|存入|进|入|入账|来账|转入|C|CR|Credit|+";

    /// <summary>What is wrong with it by itself; null when nothing is.</summary>
    public string? FindFlaw() => this switch
    {
        { Date: "" } or { DateFormat: "" } => "date and date_format are needed",
        _ when !NamesADay(DateFormat) || NamesAZone(DateFormat) || NamesAZone(TimeFormat ?? "") =>
            "date_format names year, month and day (yyyy-MM-dd), and no time zone: all is Beijing time",
        { Encoding: not ("utf-8" or "gb18030") } => "encoding is utf-8 or gb18030",
        { Separator.Length: not 1 } => "separator is one character",
        { SkipLines: < 0 or > 200 } => "skip_lines is 0 to 200",
        { Amount: null, In: null } or { Amount: null, Out: null } => "amount is needed, or in and out",
        { Amount: not null, In: not null } or { Amount: not null, Out: not null } => "amount, or in and out, not both",
        { Direction: not null, Amount: null } => "direction goes with amount",
        { Direction: not null, OutWords: null or "" } => "direction needs out_words",
        { InWords: not null } when Direction is null || InWords.Length == 0 => "in_words go with a direction",
        { MinusOut: not (null or "out" or "back") } => "minus_out is out or back",
        { Direction: not null, Negate: true } => "a direction and negate contradict each other",
        { Currency: not (null or "CNY") } => "currency is CNY, or left out: an account in another one is not compared",
        { Sheet: "" } => "sheet is a name, or left out",
        { ChannelWords: { } words } when Statements.ChannelWords.Read(words) is null =>
            "channel_words names channels once each, with words of two characters or more: alipay=支付宝|网商银行",
        { Time: not null, TimeFormat: null or "" } => "time needs time_format",
        { FirstDay: { } first } when !BusinessDay.TryParse(first, out _) => "first_day is a day: 2026-11-20",
        _ => null,
    };

    /// <summary>Whether a direction's word says that money goes out; null for a word of neither.</summary>
    public bool? SaysOut(string word)
    {
        return Has(OutWords ?? "") ? true : Has(InWords ?? UsualInWords) ? false : null;

        bool Has(string words) => words.Split('|').Contains(word, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The headings that a statement must have.</summary>
    public IEnumerable<string> AllHeadings() =>
        new[] { Date, Time, Amount, Direction, In, Out, Balance, Reference, Counterparty, Note }.OfType<string>();

    /// <summary>Whether lines that this mapping reads are known again when the other one reads them: time, amount,
    /// balance and reference tell two lines apart, so these come from the same columns, read alike.</summary>
    public bool TellsApartLike(StatementMapping other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Apart == other.Apart && (MinusOut ?? Before) == (other.MinusOut ?? other.Before);
    }

    // What a minus meant to programs that did not ask. Since then none was read without a word for it.
    private string Before => Direction is null ? "out" : "back";

    // All but what lines are known again without.
    private StatementMapping Apart => this with
    {
        DateFormat = PartsOf(DateFormat), TimeFormat = Time is null ? null : PartsOf(TimeFormat ?? ""),
        Negate = Negate == true, Encoding = "", Separator = "", SkipLines = 0, Counterparty = null, Note = null,
        Sheet = null, ChannelWords = null, FirstDay = null, InWords = null, MinusOut = null,
        Currency = null,
    };

    // However they are divided; but a day before its month is another day, and a time without seconds another time.
    private static string PartsOf(string format) => string.Concat(format.Where(
        (letter, at) => letter == 'f' || ("yMdHhmst".Contains(letter, StringComparison.Ordinal)
            && format.IndexOf(letter, StringComparison.Ordinal) == at)));

    // What is left out would be taken from the clock of the server.
    private static bool NamesADay(string format) => format.Contains("yy", StringComparison.Ordinal)
        && format.Contains('M', StringComparison.Ordinal) && format.Contains('d', StringComparison.Ordinal);

    private static bool NamesAZone(string format) => format.AsSpan().ContainsAny('z', 'K');
}
