using System.Globalization;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>What somebody fills in to close a difference, as text: in a request or in a cell.</summary>
/// <param name="Action"><c>supplement adjust refund hold write_off</c>, or 补单 调账 退款 挂账 核销.</param>
/// <param name="Account">Of an adjustment: <c>fee_income</c>, <c>channel_cost:wechatpay</c>.</param>
/// <param name="Merchant">Of a supplement without an order: who gets it.</param>
/// <param name="Owner">Of a hold: who looks into it.</param>
/// <param name="Due">Of a hold: until when, <c>yyyy-MM-dd</c>.</param>
/// <param name="RefundNumber">Of a refund; one is made of the difference's id when it is empty.</param>
/// <param name="Amount">Of a correction, in yuan: what the channel owes us more by it, less with a minus.</param>
public sealed record RemedyForm(
    string Action, string Account = "", string Merchant = "", string Owner = "", string Due = "",
    string RefundNumber = "", string Amount = "")
{
    private const int TextMax = 80;

    private static readonly Dictionary<string, RemedyKind> Kinds = Enum.GetValues<RemedyKind>()
        .Where(kind => kind != RemedyKind.None)
        .SelectMany(kind => new[] { (SnakeCase.Of($"{kind}"), kind), (ChineseOf(kind), kind) })
        .ToDictionary(name => name.Item1, name => name.kind, StringComparer.Ordinal);

    /// <summary>What is suggested, as finance reads it.</summary>
    public static string InWords(Suggestion advice)
    {
        ArgumentNullException.ThrowIfNull(advice);
        return advice.Kind is { } kind ? $"建议{ChineseOf(kind)}" : "等待";
    }

    /// <summary>What finance calls a remedy.</summary>
    public static string ChineseOf(RemedyKind kind) => kind switch
    {
        RemedyKind.Supplement => "补单",
        RemedyKind.Adjust => "调账",
        RemedyKind.Refund => "退款",
        RemedyKind.Hold => "挂账",
        RemedyKind.WriteOff => "核销",
        _ => "",
    };

    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/M/d", "yyyy-M-d", "yyyy年M月d日"];

    /// <summary>The remedy; or each field that does not do, with what is expected there.</summary>
    public (Remedy? Remedy, IReadOnlyList<(string Field, string Expected)> Wrong) Read(DifferenceId id)
    {
        var wrong = new List<(string, string)>();
        if (!Kinds.TryGetValue(Action, out var kind))
            wrong.Add(("action", $"one of {string.Join(", ", Kinds.Keys)}, not '{Action}'"));
        Account? to = null;
        if (Account.Length > 0)
        {
            if (Journal.Account.TryParse(Account, out var account))
                to = account;
            else
                wrong.Add(("account", $"an account such as fee_income or channel_cost:wechatpay, not '{Account}'"));
        }

        if (Merchant.Length > 0)
            to = Journal.Account.Available(new(Merchant));
        BusinessDay? due = null;
        if (Due.Length > 0)
        {
            if (TryDay(Due, out var day))
                due = day;
            else
                wrong.Add(("due", $"a day as yyyy-MM-dd, not '{Due}'"));
        }

        if (!TryAmount(out var moves))
            wrong.Add(("amount", $"an amount in yuan such as -12.00, not '{Amount}'"));
        if (Owner.Length > TextMax || RefundNumber.Length > TextMax || Merchant.Length > TextMax)
            wrong.Add(("action", $"texts of at most {TextMax} characters"));
        return wrong.Count > 0 ? (null, wrong) : (Meant(id, kind, to, due) with { Moves = moves }, []);
    }

    private Remedy Meant(DifferenceId id, RemedyKind kind, Account? to, BusinessDay? due) => kind switch
    {
        RemedyKind.Adjust => new(kind, to),
        RemedyKind.Supplement => new(kind, to),
        RemedyKind.Hold => new(kind, null, Owner, due),
        RemedyKind.Refund => new(kind, RefundNumber: RefundNumber.Length > 0 ? RefundNumber : $"R{id}"),
        _ => new(kind),
    };

    /// <summary>Reads a day as <c>2026-11-30</c>, as programs for tables show it (<c>2026/11/30</c>), or as a workbook
    /// has it whose cell nobody has formatted: days since 1899-12-30.</summary>
    public static bool TryDay(string text, out BusinessDay day)
    {
        var said = text.Length == 5 && text.All(char.IsAsciiDigit) ? CellReading.Date(text, from1904: false) : text;
        var isDay = DateOnly.TryParseExact(
            said, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = new(date);
        return isDay;
    }

    /// <summary>Reads an amount of yuan as people write it: <c>-12.00</c>, <c>1,234.50</c>; exact to the fen.</summary>
    public static bool TryYuan(string text, out Money amount)
    {
        var isRead = OrderAmount.TryRead(text, 2, exact: true, out var fen);
        amount = new(fen, Currency.CNY);
        return isRead;
    }

    private bool TryAmount(out Money? amount)
    {
        amount = null;
        if (Amount.Length == 0)
            return true;
        var isRead = TryYuan(Amount, out var yuan);
        amount = yuan;
        return isRead;
    }
}
