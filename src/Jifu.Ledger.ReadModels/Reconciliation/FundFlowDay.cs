using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>Writes how a day's fund flow stands beside its trade bill: the day, and each account.</summary>
internal static class FundFlowDay
{
    public static IEnumerable<Statement> Of(ReconciliationEvent.FundFlowChecked e)
    {
        var (channel, day) = (e.Channel.Name(), e.Day.Date);
        yield return new(
            """
            INSERT INTO fund_flow_day (channel, day, matched, differences, awaited, withdrawn_minor, currency,
                bill_sha256, sha256, checked_at)
            VALUES (@channel, @day, @matched, @differences, @awaited, @withdrawn, @currency, @bill, @sha256, @at)
            ON CONFLICT (channel, day) DO UPDATE SET matched = @matched, differences = @differences,
                awaited = @awaited, withdrawn_minor = @withdrawn, bill_sha256 = @bill, sha256 = @sha256,
                checked_at = @at
            """,
            1,
            ("channel", channel), ("day", day), ("matched", e.Matched), ("differences", e.Differences),
            ("awaited", (e.AwaitedBefore ?? 0) + e.Awaited.Count), ("withdrawn", e.Withdrawn.MinorUnits),
            ("currency", Column.Name(e.Withdrawn.Currency)), ("bill", e.BillSha256), ("sha256", e.Sha256),
            ("at", e.At.ToUniversalTime()));
        yield return new(
            "DELETE FROM fund_flow_account WHERE channel = @channel AND day = @day",
            -1, ("channel", channel), ("day", day));
        foreach (var account in e.Accounts)
        {
            yield return new(
                """
                INSERT INTO fund_flow_account
                    (channel, day, account, rows, net_minor, break, opening_minor, closing_minor)
                VALUES (@channel, @day, @account, @rows, @net, @break, @opening, @closing)
                """,
                1,
                ("channel", channel), ("day", day), ("account", account.Account), ("rows", account.Rows),
                ("net", account.Net.MinorUnits), ("break", account.Break),
                ("opening", (object?)account.Opening?.MinorUnits ?? DBNull.Value),
                ("closing", (object?)account.Closing?.MinorUnits ?? DBNull.Value));
        }
    }
}
