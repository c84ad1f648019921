using Jifu.Ledger.Reconciliation.Statements;
using static System.FormattableString;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Which money of a channel is expected at the bank by its days' nets, and which by its withdrawals: never one
/// by both.</summary>
/// <remarks>A channel that tells us itself what it pays for each day (<c>channel_funds</c> without a line) is believed;
/// what its fund flow calls a withdrawal is that money. Of any other, a day's net is expected unless a fund flow shows
/// a withdrawal within a month of the day: then the withdrawals are.</remarks>
internal static class WithdrawalSql
{
    private const int Month = 31;

    /// <summary>What a withdrawal is known by, of <c>views.withdrawal w</c>.</summary>
    public const string Id = "'withdrawal:' || w.channel || ':' || w.day || ':' || w.number";

    /// <summary>Whether the money of <c>views.reconciliation r</c> is expected by withdrawals.</summary>
    /// <remarks>One that a corrected fund flow lacks counts too: a day that was closed so stays closed.</remarks>
    public static readonly string IsByWithdrawals =
        Invariant($"""
        (EXISTS (SELECT FROM views.withdrawal w
            WHERE w.channel = r.channel AND w.day BETWEEN r.day - {Month} AND r.day + {Month})
        AND NOT {IsToldAbout("r")})
        """);

    /// <summary>Whether the bill in place says that the channel owes something for the day of
    /// <c>views.reconciliation r</c>, of which nothing has come.</summary>
    /// <remarks>Of a day that was closed with its money <c>funds_minor</c> tells, whatever became of that since; of one
    /// that was corrected after it was closed, the money itself.</remarks>
    public const string IsUnpaid =
        """
        (r.current_net_minor <> 0 AND r.funds_minor IS NULL
        AND NOT EXISTS (SELECT FROM views.channel_funds f WHERE f.channel = r.channel AND f.day = r.day))
        """;

    /// <summary>Whether <c>views.withdrawal w</c> is money that the bank should have and that nothing else stands for.
    /// </summary>
    /// <remarks>Not: what the channel told of, or is still to tell of; and what a line was booked for, as a day's net,
    /// before a fund flow showed what it is.</remarks>
    public static readonly string IsOwed =
        Invariant($"""
        (NOT w.gone AND w.amount_minor <> 0
        AND NOT EXISTS (SELECT FROM views.channel_funds t
            WHERE t.channel = w.channel AND t.line IS NULL AND t.reference IN (w.reference, w.number))
        AND NOT ({IsToldAbout("w")}
            AND EXISTS (SELECT FROM views.reconciliation r
                WHERE r.channel = w.channel AND r.day BETWEEN w.day - {Month} AND w.day - 1
                    AND {IsUnpaid}))
        AND NOT EXISTS (SELECT FROM views.channel_funds t JOIN views.statement_line l USING (line)
            WHERE t.channel = w.channel AND l.currency = w.currency
                AND l.day BETWEEN w.day AND w.day + {StatementMatching.DaysMax}
                AND w.amount_minor IN (l.amount_minor, {Whole},
                    {Whole} + (SELECT coalesce(sum(c.amount_minor), 0) FROM views.channel_rest c
                        WHERE c.channel = t.channel AND c.day = t.day)))
        AND NOT EXISTS (SELECT FROM views.channel_rest c JOIN views.statement_line l USING (line)
            WHERE c.channel = w.channel AND l.currency = w.currency AND l.amount_minor = w.amount_minor
                AND l.day BETWEEN w.day AND w.day + {StatementMatching.DaysMax}))
        """);

    // What a line is together with those beside it (分笔到账), without what of them was explained otherwise.
    private const string Whole =
        """
        (SELECT sum(g.amount_minor - coalesce(g.explained_minor, 0)) FROM views.statement_line g
            WHERE g.line = l.line OR g.matched_with = l.line)
        """;

    /// <summary>How the withdrawals of <c>@day</c> stand at the bank, by channel. One that came back is open no more.
    /// </summary>
    public static readonly string OfDay =
        Invariant($"""
        SELECT w.channel, bool_or(m.line IS NULL AND NOT w.is_return AND {IsOwed}
                AND NOT EXISTS (SELECT FROM views.withdrawal b
                    WHERE b.channel = w.channel AND b.is_return AND b.amount_minor = -w.amount_minor
                        AND b.day BETWEEN w.day AND w.day + {StatementMatching.DaysMax})) AS is_open,
            bool_or(m.line IS NOT NULL) AS is_met, sum(m.amount_minor)::bigint AS met_minor
        FROM views.withdrawal w LEFT JOIN views.statement_match m ON m.expected = {Id}
        WHERE w.day = @day GROUP BY w.channel
        """);

    // Whether the channel told us itself what it pays around that day.
    private static string IsToldAbout(string row) => Invariant($"""
        EXISTS (SELECT FROM views.channel_funds t WHERE t.channel = {row}.channel AND t.line IS NULL
            AND t.day BETWEEN {row}.day - {Month} AND {row}.day + {Month})
        """);
}
