namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>What one rule moved on one kind of account on a business day, both sides in minor units.</summary>
public sealed record RuleTotal
{
    public required string Rule { get; init; }

    /// <summary>The account's kind: its name before the colon.</summary>
    public required string Kind { get; init; }

    /// <summary>The channel, for accounts that each channel has its own of; empty for all others together.</summary>
    public required string Channel { get; init; }

    public required string Currency { get; init; }
    public required long DebitMinor { get; init; }
    public required long CreditMinor { get; init; }

    public long NetMinor => checked(DebitMinor - CreditMinor);
}

/// <summary>One account over one business day, in minor units; balances are debits less credits.</summary>
public sealed record AccountDay
{
    public required string Account { get; init; }
    public required string Currency { get; init; }
    public required long OpeningMinor { get; init; }
    public required long DebitMinor { get; init; }
    public required long CreditMinor { get; init; }

    public long ClosingMinor => checked(OpeningMinor + DebitMinor - CreditMinor);
}

/// <summary>The first and the last position that the journal counts on a day; both null when it counts none.</summary>
public sealed record PositionSpan
{
    public long? First { get; init; }
    public long? Last { get; init; }
}

/// <summary>Looks up the journal of one business day: all that counts on it, whenever it was recorded.</summary>
public sealed class DayQueries(ViewDatabase views)
{
    /// <summary>Its lines in the order of the log, one by one, with the bank's line by which each was booked.</summary>
    public IAsyncEnumerable<JournalRow> Lines(BusinessDay day, CancellationToken cancellation) =>
        views.Rows<JournalRow>(
            """
            SELECT j.*, e.reason, CASE WHEN l.line IS NOT NULL THEN concat_ws(
                ' ', l.account, to_char(l.day, 'YYYY-MM-DD'), (l.amount_minor * 0.01)::numeric(20, 2),
                nullif(l.counterparty, ''), nullif(l.reference, ''), nullif(l.note, '')) END AS bank_line
            FROM views.journal_line j LEFT JOIN views.bank_entry e USING (position)
                LEFT JOIN views.statement_line l ON l.line = e.line
            WHERE j.business_day = @day ORDER BY position, j.line_no
            """,
            new { day = day.Date }, cancellation);

    public async Task<PositionSpan> Span(BusinessDay day, CancellationToken cancellation) =>
        await views.One<PositionSpan>(
            """
            SELECT min(position) AS first, max(position) AS last FROM views.journal_line WHERE business_day = @day
            """,
            new { day = day.Date }, cancellation) ?? new();

    /// <summary>Every account that held or moved anything, with its balance before and after.</summary>
    /// <remarks>Counted back from today's balance, so that a recent day of a long history is quick.</remarks>
    public Task<IReadOnlyList<AccountDay>> Accounts(BusinessDay day, CancellationToken cancellation) =>
        views.List<AccountDay>(
            """
            WITH since AS (
                SELECT account, currency, sum(amount_minor)::bigint AS moved,
                    coalesce(sum(amount_minor) FILTER (WHERE business_day = @day AND amount_minor > 0), 0)::bigint
                        AS debit_minor,
                    coalesce(-sum(amount_minor) FILTER (WHERE business_day = @day AND amount_minor < 0), 0)::bigint
                        AS credit_minor
                FROM views.journal_line WHERE business_day >= @day GROUP BY account, currency),
            day AS (
                SELECT b.account, b.currency, b.debit_minor - b.credit_minor - coalesce(s.moved, 0) AS opening_minor,
                    coalesce(s.debit_minor, 0) AS debit_minor, coalesce(s.credit_minor, 0) AS credit_minor
                FROM views.balance b LEFT JOIN since s USING (account, currency))
            SELECT * FROM day WHERE opening_minor <> 0 OR debit_minor <> 0 OR credit_minor <> 0
            ORDER BY account, currency
            """,
            new { day = day.Date }, cancellation);

    public Task<IReadOnlyList<RuleTotal>> RuleTotals(BusinessDay day, CancellationToken cancellation) =>
        views.List<RuleTotal>(
            """
            WITH line AS (
                SELECT rule, split_part(account, ':', 1) AS kind, split_part(account, ':', 2) AS owner, currency,
                    amount_minor
                FROM views.journal_line WHERE business_day = @day)
            SELECT rule, kind,
                CASE WHEN kind IN ('channel_receivable', 't0_advance', 'channel_cost', 'suspense') THEN owner ELSE ''
                    END AS channel,
                currency, coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint AS debit_minor,
                coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint AS credit_minor
            FROM line GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
            """,
            new { day = day.Date }, cancellation);
}
