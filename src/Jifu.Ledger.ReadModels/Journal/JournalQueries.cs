using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>What an account holds, in minor units: debits less credits is its balance on the debit side.</summary>
public sealed record BalanceRow
{
    public required string Account { get; init; }
    public required string Currency { get; init; }
    public required long DebitMinor { get; init; }
    public required long CreditMinor { get; init; }

    /// <summary>The last event that counts in it; null where that was not asked.</summary>
    public long? Position { get; init; }

    public long BalanceMinor => checked(DebitMinor - CreditMinor);
}

/// <summary>One line of the journal; a positive amount debits the account, a negative one credits it.</summary>
public sealed record JournalRow
{
    public required long Position { get; init; }
    public required int LineNo { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    public required string Rule { get; init; }
    public required string Account { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required string Stream { get; init; }

    /// <summary>The bank's line by which it was booked, for people: account, day, amount, other side, number, text.
    /// Null where there is none, or it was not asked for.</summary>
    public string? BankLine { get; init; }

    /// <summary>Why it was booked by that line, in a person's words; null likewise.</summary>
    public string? Reason { get; init; }
}

/// <summary>What one rule moved on one account in a day.</summary>
public sealed record RuleSum
{
    public required string Rule { get; init; }
    public required string Account { get; init; }
    public required string Currency { get; init; }
    public required int Lines { get; init; }
    public required long AmountMinor { get; init; }
}

/// <summary>Until when a balance counts. All bounds hold; none: now.</summary>
/// <param name="Position">Events up to this position.</param>
/// <param name="Day">Entries that count on this business day or earlier.</param>
public sealed record AsOf(long? Position = null, BusinessDay? Day = null)
{
    public static readonly AsOf Now = new();
}

/// <summary>Looks up balances and journal lines.</summary>
public sealed class JournalQueries(ViewDatabase views)
{
    /// <summary>Balances of the accounts whose owner is given, or of all; as of a position or day if given.</summary>
    /// <param name="owner">A merchant, channel or receiver: the part of the name after the colon. Null for
    /// all.</param>
    public Task<IReadOnlyList<BalanceRow>> Balances(string? owner, AsOf asOf, CancellationToken cancellation) => Of(
        owner is null
            ? null
            : [.. Enum.GetValues<AccountKind>().Where(kind => kind != AccountKind.None)
                .Select(kind => new Account(kind, owner).ToString())],
        asOf, cancellation);

    /// <summary>One account's balance, one row for each currency it ever held.</summary>
    public Task<IReadOnlyList<BalanceRow>> Balance(Account account, AsOf asOf, CancellationToken cancellation) =>
        Of([account.ToString()], asOf, cancellation);

    private Task<IReadOnlyList<BalanceRow>> Of(
        IReadOnlyList<string>? accounts, AsOf asOf, CancellationToken cancellation) => asOf == AsOf.Now
        ? views.List<BalanceRow>(
            """
            SELECT account, currency, debit_minor, credit_minor, (
                SELECT position FROM views.checkpoint WHERE projection = 'journal') AS position
            FROM views.balance
            WHERE debit_minor + credit_minor > 0 AND (@accounts::text[] IS NULL OR account = ANY (@accounts))
            ORDER BY account, currency
            """,
            new { accounts = accounts?.ToArray() }, cancellation)
        : views.List<BalanceRow>(
            """
            SELECT account, currency,
                coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint AS debit_minor,
                coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint AS credit_minor,
                coalesce(@position, (
                    SELECT position FROM views.checkpoint WHERE projection = 'journal')) AS position
            FROM views.journal_line
            WHERE (@accounts::text[] IS NULL OR account = ANY (@accounts))
                AND (@position::bigint IS NULL OR position <= @position)
                AND (@day::date IS NULL OR business_day <= @day)
            GROUP BY account, currency ORDER BY account, currency
            """,
            new
            {
                accounts = accounts?.ToArray(), position = asOf.Position, day = asOf.Day?.Date,
            },
            cancellation);

    /// <summary>An account's lines after a position, in order: why its balance is what it is.</summary>
    public Task<IReadOnlyList<JournalRow>> Lines(
        Account account, long afterPosition, int countMax, CancellationToken cancellation) => views.List<JournalRow>(
        """
        SELECT * FROM views.journal_line WHERE account = @account AND position > @afterPosition
        ORDER BY position, line_no LIMIT @countMax
        """,
        new { account = account.ToString(), afterPosition, countMax }, cancellation);

    /// <summary>What each rule moved on each account, on one business day.</summary>
    public Task<IReadOnlyList<RuleSum>> DaySums(BusinessDay day, CancellationToken cancellation) =>
        views.List<RuleSum>(
            """
            SELECT rule, account, currency, count(*)::integer AS lines, sum(amount_minor)::bigint AS amount_minor
            FROM views.journal_line WHERE business_day = @day
            GROUP BY rule, account, currency ORDER BY rule, account, currency
            """,
            new { day = day.Date }, cancellation);
}
