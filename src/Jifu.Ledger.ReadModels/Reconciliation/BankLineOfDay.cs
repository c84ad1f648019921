namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>A line of a bank's statement by which a channel's money for a day came, or a part of it.</summary>
public sealed record BankLineOfDay
{
    // A line that is one movement only with others is matched by the first of them.
    internal const string Sql =
        """
        SELECT s.channel, string_agg(DISTINCT m.expected, ' ' ORDER BY m.expected) AS movements, l.line, l.account,
            l.booked_at, l.day, l.currency, l.amount_minor, l.reference, l.counterparty, l.note
        FROM unnest(@channels) AS s (channel)
            JOIN views.statement_match m ON m.expected = 'funds:' || s.channel || ':' || @day
                OR (m.expected >= 'rest:' || s.channel || ':' || @day || ':'
                    AND m.expected < 'rest:' || s.channel || ':' || @day || ';')
                OR (m.expected >= 'withdrawal:' || s.channel || ':' || @day || ':'
                    AND m.expected < 'withdrawal:' || s.channel || ':' || @day || ';')
            JOIN views.statement_line l ON l.line = m.line OR l.matched_with = m.line
        GROUP BY s.channel, l.line ORDER BY l.booked_at, l.position
        """;

    public required string Channel { get; init; }

    /// <summary>What of the day it is: <c>funds:wechatpay:2026-11-20</c>; several divided by a blank.</summary>
    public required string Movements { get; init; }

    public required string Line { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset BookedAt { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Currency { get; init; }

    /// <summary>All of the line, which may be of several days; positive comes in.</summary>
    public required long AmountMinor { get; init; }

    public required string Reference { get; init; }
    public required string Counterparty { get; init; }
    public required string Note { get; init; }
}
