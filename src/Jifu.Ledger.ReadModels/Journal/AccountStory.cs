using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>What one rule moved on an account between two positions, both sides in minor units.</summary>
public sealed record RuleStory
{
    public required string Currency { get; init; }
    public required string Rule { get; init; }
    public required long Lines { get; init; }
    public required long DebitMinor { get; init; }
    public required long CreditMinor { get; init; }
    public required long FirstPosition { get; init; }
    public required long LastPosition { get; init; }

    public long NetMinor => checked(DebitMinor - CreditMinor);
}

/// <summary>What an account held at a position, in one currency: debits less credits, in minor units.</summary>
public sealed record HeldThen
{
    public required string Currency { get; init; }
    public required long BalanceMinor { get; init; }
}

/// <summary>The first event that posted anything to an account.</summary>
public sealed record FirstLine
{
    public required long Position { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>What one rule moved on one account between two positions.</summary>
public sealed record AccountChange
{
    public required string Account { get; init; }
    public required string Currency { get; init; }

    /// <summary>Debits less credits at the first position, in minor units.</summary>
    public required long BeforeMinor { get; init; }

    public required string Rule { get; init; }
    public required long Lines { get; init; }
    public required long DebitMinor { get; init; }
    public required long CreditMinor { get; init; }

    public long AmountMinor => checked(DebitMinor - CreditMinor);
}

/// <summary>Why balances are what they are: the journal between two positions.</summary>
/// <remarks>A position that the journal has passed is told the same for ever. With a business day, only lines count
/// that count on it or earlier, wherever they stand.</remarks>
public sealed class AccountStory(ViewDatabase views)
{
    private const string CountsByDay = "(@day::date IS NULL OR business_day <= @day)";

    /// <summary>The last event that the journal holds; -1 for none.</summary>
    public Task<long> Position(CancellationToken cancellation) => views.Value<long>(
        "SELECT coalesce((SELECT position FROM views.checkpoint WHERE projection = 'journal'), -1)", null,
        cancellation);

    /// <summary>True when anything was ever posted to the account.</summary>
    public Task<bool> Knows(Account account, CancellationToken cancellation) => views.Value<bool>(
        "SELECT EXISTS (SELECT FROM views.balance WHERE account = @account AND debit_minor + credit_minor > 0)",
        new { account = account.ToString() }, cancellation);

    /// <summary>When the account came to be; null when nothing was ever posted to it.</summary>
    public Task<FirstLine?> First(Account account, CancellationToken cancellation) => views.One<FirstLine>(
        """
        SELECT position, recorded_at FROM views.journal_line WHERE account = @account ORDER BY position LIMIT 1
        """,
        new { account = account.ToString() }, cancellation);

    /// <summary>What the account held at a position; nothing for a currency that it had never held.</summary>
    public Task<IReadOnlyList<HeldThen>> Held(
        Account account, long position, BusinessDay? day, CancellationToken cancellation) =>
        views.List<HeldThen>(
            $"""
            SELECT currency, sum(amount_minor)::bigint AS balance_minor FROM views.journal_line
            WHERE account = @account AND position <= @position AND {CountsByDay} GROUP BY currency ORDER BY currency
            """,
            new { account = account.ToString(), position, day = day?.Date }, cancellation);

    /// <summary>What the account held at a position by the balance that is kept of it, less what came after or counts
    /// on a later day.</summary>
    /// <remarks>In one statement: lines and balance move on together.</remarks>
    public Task<IReadOnlyList<HeldThen>> Kept(
        Account account, long position, BusinessDay? day, CancellationToken cancellation) =>
        views.List<HeldThen>(
            $"""
            SELECT b.currency, b.debit_minor - b.credit_minor - coalesce((
                SELECT sum(l.amount_minor) FROM views.journal_line l
                WHERE l.account = b.account AND l.currency = b.currency
                    AND (l.position > @position OR NOT {CountsByDay})), 0)::bigint
                AS balance_minor
            FROM views.balance b WHERE b.account = @account ORDER BY b.currency
            """,
            new { account = account.ToString(), position, day = day?.Date }, cancellation);

    /// <summary>What each rule moved after one position and up to another, in the order in which rules first
    /// did.</summary>
    public Task<IReadOnlyList<RuleStory>> Rules(
        Account account, long after, long upTo, BusinessDay? day, CancellationToken cancellation) =>
        views.List<RuleStory>(
        $"""
        SELECT currency, rule, count(*) AS lines,
            coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint AS debit_minor,
            coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint AS credit_minor,
            min(position) AS first_position, max(position) AS last_position
        FROM views.journal_line WHERE account = @account AND position > @after AND position <= @upTo AND {CountsByDay}
        GROUP BY currency, rule ORDER BY currency, min(position), rule
        """,
        new { account = account.ToString(), after, upTo, day = day?.Date }, cancellation);

    /// <summary>Each line after one position and up to another, in the order of the log, one by one.</summary>
    public IAsyncEnumerable<JournalRow> Lines(
        Account account, long after, long upTo, BusinessDay? day, CancellationToken cancellation) =>
        views.Rows<JournalRow>(
        $"""
        SELECT * FROM views.journal_line
        WHERE account = @account AND position > @after AND position <= @upTo AND {CountsByDay}
        ORDER BY position, line_no
        """,
        new { account = account.ToString(), after, upTo, day = day?.Date }, cancellation);

    /// <summary>What each rule moved on each account after one position and up to another.</summary>
    /// <remarks>What an account held before is counted back from today, so that recent positions of a long history are
    /// quick.</remarks>
    public Task<IReadOnlyList<AccountChange>> Changes(long after, long upTo, CancellationToken cancellation) =>
        views.List<AccountChange>(
            """
            WITH moved AS (
                SELECT account, currency, rule, count(*) AS lines,
                    coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint AS debit_minor,
                    coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint AS credit_minor
                FROM views.journal_line WHERE position > @after AND position <= @upTo GROUP BY 1, 2, 3),
            since AS (
                SELECT account, currency, sum(amount_minor)::bigint AS amount_minor
                FROM views.journal_line WHERE position > @after GROUP BY 1, 2)
            SELECT m.account, m.currency, b.debit_minor - b.credit_minor - s.amount_minor AS before_minor, m.rule,
                m.lines, m.debit_minor, m.credit_minor
            FROM moved m JOIN since s USING (account, currency) JOIN views.balance b USING (account, currency)
            ORDER BY m.account, m.currency, m.rule
            """,
            new { after, upTo }, cancellation);
}
