using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>How one channel's day stands on its three sides: our books, the channel's trade bill, the money.</summary>
public sealed record ThreeSidesRow
{
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }

    /// <summary>Our books and the trade bill: <c>completed</c>, <c>comparing</c>, <c>no_bill</c> yet, or <c>none</c>
    /// when the channel has none, which was compared as an empty one.</summary>
    public required string Trade { get; init; }

    /// <summary>Differences between our books and the trade bill that stand.</summary>
    public required int TradeDifferences { get; init; }

    /// <summary>The trade bill and the fund flow: <c>checked</c>, <c>waiting</c> for the other file, or
    /// <c>no_fund_flow</c>.</summary>
    public required string FundFlow { get; init; }

    /// <summary>Differences between the trade bill and the fund flow that stand.</summary>
    public required int FundFlowDifferences { get; init; }

    /// <summary>Where balances stop following from each other; empty when they do, or there are none.</summary>
    public required string FundFlowBreak { get; init; }

    /// <summary>Trades whose money is awaited in the next day's fund flow.</summary>
    public required int Awaited { get; init; }

    /// <summary>The money at the bank: <c>confirmed</c> by a line of a statement, <c>received</c> as somebody told us,
    /// <c>differs</c> when that is not what the bill in place says, <c>outstanding</c>; <c>nothing_due</c> by the bill;
    /// or <c>at_channel</c>, where money comes by withdrawals and the day has none.</summary>
    public required string Bank { get; init; }

    /// <summary>What the channel owes for the day by the trade bill in place; null before there is one.</summary>
    public long? TheirNetMinor { get; init; }

    /// <summary>What came; null while nothing did.</summary>
    public long? FundsMinor { get; init; }

    /// <summary>The bank's lines by which it came, as its statement has them; none for what somebody told us of.
    /// </summary>
    public IReadOnlyList<BankLineOfDay> BankLines { get; init; } = [];
}

/// <summary>Looks up how days stand on their three sides.</summary>
public sealed class ThreeSidesQueries(ViewDatabase views)
{
    private static readonly string DaySql =
        $"""
        WITH side AS (
            SELECT channel FROM views.reconciliation WHERE day = @day
            UNION SELECT channel FROM views.bill_import WHERE day = @day
            UNION SELECT channel FROM views.channel_line WHERE channel_day = @day),
        open AS (
            SELECT channel, count(*) FILTER (WHERE class LIKE 'funds\_%') AS funds,
                count(*) FILTER (WHERE class NOT LIKE 'funds\_%') AS trade
            FROM views.difference WHERE day = @day AND taken_back_on IS NULL GROUP BY channel),
        drawn AS ({WithdrawalSql.OfDay}),
        money AS ({ChannelMoneySql.OfDays} WHERE r.day = @day),
        apart AS (SELECT r.channel FROM money r WHERE {ChannelMoneySql.Differs})
        SELECT s.channel, @day::date AS day, CASE WHEN r.status = 'completed' AND r.current_sha256 = @nothing
                THEN 'none' ELSE coalesce(r.status, 'no_bill') END AS trade,
            coalesce(o.trade, 0)::int AS trade_differences,
            CASE WHEN f.channel IS NOT NULL THEN 'checked'
                WHEN EXISTS (SELECT FROM views.bill_import i
                    WHERE i.channel = s.channel AND i.day = @day AND i.kind = 'fund_flow') THEN 'waiting'
                ELSE 'no_fund_flow' END AS fund_flow,
            coalesce(o.funds, 0)::int AS fund_flow_differences,
            coalesce((SELECT string_agg(a.break, '; ' ORDER BY a.account) FROM views.fund_flow_account a
                WHERE a.channel = s.channel AND a.day = @day AND a.break <> ''), '') AS fund_flow_break,
            coalesce(f.awaited, 0) AS awaited,
            CASE WHEN d.is_open THEN 'outstanding'
                WHEN a.channel IS NOT NULL THEN 'differs'
                WHEN m.is_matched THEN 'confirmed'
                WHEN c.channel IS NOT NULL THEN 'received'
                WHEN d.is_met THEN 'confirmed'
                WHEN r.status = 'completed' AND r.current_net_minor = 0 THEN 'nothing_due'
                WHEN {WithdrawalSql.IsByWithdrawals} THEN 'at_channel' ELSE 'outstanding' END AS bank,
            r.current_net_minor AS their_net_minor,
            coalesce(m.came_minor, c.amount_minor, d.met_minor) AS funds_minor
        FROM side s
            LEFT JOIN views.reconciliation r ON r.channel = s.channel AND r.day = @day
            LEFT JOIN drawn d ON d.channel = s.channel
            LEFT JOIN money m ON m.channel = s.channel
            LEFT JOIN apart a ON a.channel = s.channel
            LEFT JOIN open o ON o.channel = s.channel
            LEFT JOIN views.fund_flow_day f ON f.channel = s.channel AND f.day = @day
            LEFT JOIN views.channel_funds c ON c.channel = s.channel AND c.day = @day
        ORDER BY s.channel
        """;

    /// <summary>The days, within bounds, that were compared with a trade bill of one of these channels and have no
    /// fund flow beside it.</summary>
    public Task<IReadOnlyList<BusinessDay>> DaysWithoutFundFlow(
        IReadOnlyList<string> channels, BusinessDay from, BusinessDay to, CancellationToken cancellation) =>
        views.List<BusinessDay>(
            """
            SELECT DISTINCT r.day FROM views.reconciliation r
            WHERE r.channel = ANY (@channels) AND r.day BETWEEN @from AND @to AND r.status = 'completed'
                AND NOT EXISTS (SELECT FROM views.fund_flow_day f WHERE f.channel = r.channel AND f.day = r.day)
            """,
            new { channels = channels.ToArray(), from = from.Date, to = to.Date }, cancellation);

    /// <summary>The days whose fund flow says that something went to our bank, and of which nobody has noted what.
    /// </summary>
    /// <remarks>Not those of whose money people have settled a difference: to look again could tell it otherwise.
    /// </remarks>
    public async Task<IReadOnlyList<(Channel Channel, BusinessDay Day)>> DaysWithWithdrawalsUnknown(
        CancellationToken cancellation) =>
        [.. (await views.List<ChannelDay>(
            """
            SELECT channel, day FROM views.fund_flow_day f
            WHERE withdrawn_minor <> 0 AND NOT EXISTS (SELECT FROM views.withdrawal w
                WHERE w.channel = f.channel AND w.day = f.day AND NOT w.gone)
            AND NOT EXISTS (SELECT FROM views.difference_life d
                WHERE d.channel = f.channel AND d.day = f.day AND d.class LIKE 'funds\_%'
                    AND d.status NOT IN ('open', 'undone'))
            ORDER BY day, channel
            """,
            null, cancellation)).Select(row => (ChannelNames.Parse(row.Channel), row.Day))];

    public async Task<IReadOnlyList<ThreeSidesRow>> OfDay(BusinessDay day, CancellationToken cancellation)
    {
        var rows = await views.List<ThreeSidesRow>(
            DaySql, new { day = day.Date, nothing = BillInPlace.NothingSha256 }, cancellation);
        var lines = (await views.List<BankLineOfDay>(
            BankLineOfDay.Sql, new { day = $"{day}", channels = rows.Select(row => row.Channel).ToArray() },
            cancellation)).ToLookup(line => line.Channel, StringComparer.Ordinal);
        return [.. rows.Select(row => row with { BankLines = [.. lines[row.Channel]] })];
    }

    private sealed record ChannelDay
    {
        public required string Channel { get; init; }
        public required BusinessDay Day { get; init; }
    }
}
