using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Draws up the bank reconciliation statement (银行存款余额调节表) of a day.</summary>
public sealed class BankBalanceSheet(BankBalanceQueries queries, Projector views)
{
    // While it is read the books go on: what was read between two pages is read again.
    private const int AttemptsMax = 3;

    private static readonly string[] Headers =
        ["项目", "银行账户", "日期", "金额", "对应业务", "流水标识", "流水号", "对方户名", "摘要"];

    /// <summary>From what is told now of that day. Statements are of yuan, and so is this.</summary>
    public async Task<BankBalance> Of(BusinessDay day, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var balance = await Read(day, Currency.CNY, cancellation);
            if (balance.RestMinor is 0 or null || attempt == AttemptsMax)
                return balance;
        }
    }

    private async Task<BankBalance> Read(BusinessDay day, Currency currency, CancellationToken cancellation)
    {
        var edges = await queries.Edges(day, currency, BankAccountBalance.MomentsMax, cancellation);
        var accounts = (await queries.Accounts(day, currency, cancellation))
            .Where(account => account.Lines > 0)
            .Select(account => BankAccountBalance.Of(account, edges, currency)).ToList();
        var before = accounts.Where(account => account.OpeningMinor is not (null or 0))
            .Select(account => new BankBalanceItem(
                "before_statements", account.OpeningMinor!.Value, account.Account, null));
        var items = (await queries.Gaps(day, currency, cancellation)).SelectMany(BankBalanceItem.Of);
        return new(
            day, currency, await queries.Booked(day, currency, cancellation), accounts, [.. before, .. items]);
    }

    /// <summary>What a kind of item is called on such a statement.</summary>
    public static string NameOf(string kind) => kind switch
    {
        "bank_received" => "银行已收企业未收",
        "bank_paid" => "银行已付企业未付",
        "we_received" => "企业已收银行未收",
        "we_paid" => "企业已付银行未付",
        "before_statements" => "对账单起点前余额",
        _ => kind,
    };

    /// <summary>The statement as a table for people: each side from its balance to the adjusted one.</summary>
    public static void Write(Stream stream, BankBalance balance)
    {
        ArgumentNullException.ThrowIfNull(balance);
        using var table = new CsvTable(stream, CsvProfile.Excel, Headers);
        Amount(table, balance, "企业银行存款账面余额", "", balance.BookMinor);
        Items(table, balance, isAtBank: true);
        Amount(table, balance, "调节后账面余额", "", balance.AdjustedBookMinor);
        foreach (var account in balance.Accounts)
            Amount(table, balance, "银行对账单余额", account.Account, account.BalanceMinor);
        Items(table, balance, isAtBank: false);
        Amount(table, balance, "调节后对账单余额", "", balance.AdjustedStatementMinor);
        Amount(table, balance, "未解释差额", "", balance.RestMinor);
    }

    private static void Items(CsvTable table, BankBalance balance, bool isAtBank)
    {
        foreach (var item in balance.Items.Where(item => item.IsAtBank == isAtBank))
        {
            table.Text(NameOf(item.Kind)).Text(item.Account).Date(item.Gap?.Day)
                .Money(item.AmountMinor, $"{balance.Currency}").Text(item.Gap?.Movements).Text(item.Gap?.Line)
                .Text(item.Gap?.Reference).Text(item.Gap?.Counterparty).Text(item.Gap?.Note).EndRow();
        }
    }

    private static void Amount(CsvTable table, BankBalance balance, string what, string account, long? minor)
    {
        table.Text(what).Text(account).Date(balance.Day);
        if (minor is { } known)
            table.Money(known, $"{balance.Currency}");
        else
            table.Text("对账单未载余额");
        table.Blank(5);
        table.EndRow();
    }
}
