namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>What channels' days owe by the bill in place, and what of it came.</summary>
internal static class ChannelMoneySql
{
    /// <summary>Each reconciled day: <c>net_minor</c> that it owes; <c>told_minor</c> and <c>reference</c> that the
    /// channel told us of; <c>rest_minor</c>, what lines are rests of it; <c>came_minor</c>, all that came, null while
    /// nothing did or only rests; <c>next_rest</c>, the number of its next rest; <c>known_on</c>, the day on which the
    /// bill in place was known.</summary>
    /// <remarks>Money that was booked by a line is matched to it, or about to be taken back: then it is as if it were
    /// not booked. A match that nobody noted the amount of is what was booked, else what the bill says.</remarks>
    public const string OfDays =
        """
        SELECT r.channel, r.day, r.currency, r.status, r.current_net_minor AS net_minor, t.amount_minor AS told_minor,
            coalesce(t.reference, '') AS reference, x.minor AS rest_minor, m.line IS NOT NULL AS is_matched,
            coalesce(t.amount_minor, CASE WHEN m.line IS NOT NULL
                THEN coalesce(m.amount_minor, b.amount_minor, r.current_net_minor - x.minor) END) + x.minor
                AS came_minor,
            (SELECT min(n) FROM generate_series(1, x.count + 1) n WHERE NOT EXISTS (
                SELECT FROM views.statement_match o
                WHERE o.expected = 'rest:' || r.channel || ':' || r.day || ':' || n)) AS next_rest,
            greatest(r.day, r.current_booked_on, (r.completed_at AT TIME ZONE 'Asia/Shanghai')::date) AS known_on
        FROM views.reconciliation r
            LEFT JOIN views.channel_funds t ON t.channel = r.channel AND t.day = r.day AND t.line IS NULL
            LEFT JOIN views.channel_funds b ON b.channel = r.channel AND b.day = r.day AND b.line IS NOT NULL
            LEFT JOIN views.statement_match m ON m.expected = 'funds:' || r.channel || ':' || r.day
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(o.amount_minor), 0)::bigint AS minor, count(*)::int AS count
                FROM views.statement_match o
                WHERE o.expected >= 'rest:' || r.channel || ':' || r.day || ':'
                    AND o.expected < 'rest:' || r.channel || ':' || r.day || ';') x
        """;

    /// <summary>Whether what came for the day of <c>r</c>, as <see cref="OfDays"/> has it, is not what it owes.
    /// </summary>
    public static readonly string Differs =
        $"""
        (r.status = 'completed' AND r.came_minor <> r.net_minor AND NOT {WithdrawalSql.IsByWithdrawals})
        """;

    /// <summary>All that is expected of the bank from <c>@before</c> to <c>@to</c>, whether a line is it or not.
    /// </summary>
    public static readonly string Expected =
        $"""
        SELECT 'funds:' || r.channel || ':' || r.day AS id, r.channel, r.day, r.currency,
            coalesce(r.told_minor, r.net_minor - r.rest_minor) AS amount_minor, r.reference,
            r.told_minor IS NOT NULL AS is_booked, '' AS number, false AS is_return, NULL::date AS known_on
        FROM day r WHERE r.told_minor IS NOT NULL OR NOT {WithdrawalSql.IsByWithdrawals}
        UNION ALL
        SELECT 'rest:' || r.channel || ':' || r.day || ':' || r.next_rest, r.channel, r.day, r.currency,
            r.net_minor - r.came_minor, '', false, '', false, r.known_on
        FROM day r WHERE {Differs}
        UNION ALL
        SELECT {WithdrawalSql.Id}, w.channel, w.day, w.currency, w.amount_minor, w.reference, false, w.number,
            w.is_return, NULL
        FROM views.withdrawal w WHERE w.day BETWEEN @before AND @to AND {WithdrawalSql.IsOwed}
        UNION ALL
        SELECT p.expected, '', (p.sent_at AT TIME ZONE 'Asia/Shanghai')::date, p.currency, -p.amount_minor,
            p.bank_reference, true, '', false, (p.confirmed_at AT TIME ZONE 'Asia/Shanghai')::date
        FROM views.payout p
        WHERE p.confirmed_at IS NOT NULL AND p.sent_at >= @start AND p.sent_at < @end
        """;
}
