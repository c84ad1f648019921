using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Keeps the bank's side: mappings, statements, their lines, and what each line is.</summary>
public sealed class StatementProjection : IProjection
{
    internal static readonly JsonSerializerOptions AsStored = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string Name => "statements";

    public IReadOnlyList<string> Tables =>
        [
            "statement_mapping", "statement_import", "statement_line", "statement_match", "channel_funds", "withdrawal",
            "channel_rest",
        ];

    public IReadOnlyList<string> SearchedBy =>
        [
            "statement_mapping_pkey", "statement_line_pkey", "statement_match_pkey", "statement_match_by_line",
            "channel_funds_pkey", "withdrawal_pkey", "channel_rest_pkey",
        ];

    public IReadOnlyList<Type> LooksAt => [typeof(StatementEvent), typeof(ReconciliationEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) => [.. page.SelectMany(StatementsOf)];

    private static IEnumerable<Statement> StatementsOf(Recorded<object> r) => r.Event switch
    {
        StatementEvent e => Of(r, e),
        ReconciliationEvent.FundsReceived e => [new(
            """
            INSERT INTO channel_funds (channel, day, currency, amount_minor, reference, position, line)
            VALUES (@channel, @day, @currency, @amount, @reference, @position, @line)
            ON CONFLICT (channel, day) DO UPDATE SET amount_minor = channel_funds.amount_minor + excluded.amount_minor
            """,
            1,
            ("channel", e.Channel.Name()), ("day", e.Day.Date), ("currency", Column.Name(e.Amount.Currency)),
            ("amount", e.Amount.MinorUnits), ("reference", e.BankReference), ("position", r.Position),
            ("line", (object?)e.Line ?? DBNull.Value))],
        ReconciliationEvent.FundFlowChecked e => WithdrawalRows.Of(e),
        ReconciliationEvent.WithdrawalReceived e => [WithdrawalRows.Of(e)],
        ReconciliationEvent.WithdrawalTakenBack e => [WithdrawalRows.Of(e)],
        ReconciliationEvent.RestReceived e => [RestRows.Of(e)],
        ReconciliationEvent.RestTakenBack e => [RestRows.Of(e)],
        ReconciliationEvent.FundsTakenBack e => [new(
            "DELETE FROM channel_funds WHERE channel = @channel AND day = @day",
            1, ("channel", e.Channel.Name()), ("day", e.Day.Date))],
        _ => [],
    };

    private static IEnumerable<Statement> Of(Recorded<object> r, StatementEvent @event) => @event switch
    {
        StatementEvent.MappingSaved e => [new(
            """
            INSERT INTO statement_mapping (account, mapping, saved_by, saved_at) VALUES (@account, @mapping, @by, @at)
            ON CONFLICT (account) DO UPDATE SET mapping = @mapping, saved_by = @by, saved_at = @at
            """,
            1,
            ("account", e.Account), ("mapping", JsonSerializer.Serialize(e.Mapping, AsStored)),
            ("by", r.Metadata.Actor), ("at", e.At.ToUniversalTime()))],
        StatementEvent.LineRead e => [Line(r, e)],
        StatementEvent.Imported e => [new(
            """
            INSERT INTO statement_import
                (position, account, file_name, sha256, rows, new_rows, from_day, to_day, break, imported_by,
                imported_at)
            VALUES (@position, @account, @file, @sha256, @rows, @new, @from, @to, @break, @by, @at)
            """,
            1,
            ("position", r.Position), ("account", e.Account), ("file", e.FileName), ("sha256", e.Sha256),
            ("rows", e.Rows), ("new", e.NewRows), ("from", e.From.Date), ("to", e.To.Date), ("break", e.Break),
            ("by", r.Metadata.Actor), ("at", e.At.ToUniversalTime()))],
        StatementEvent.Matched e => MatchRows.Of(e),
        StatementEvent.MatchUndone e => MatchRows.Of(e),
        StatementEvent.Explained e => [MatchRows.Of(e)],
        StatementEvent.ExplanationTakenBack e => [MatchRows.Of(e)],

        // Nothing is so yet; who proposed what is read from the log.
        StatementEvent.ExplanationProposed or StatementEvent.ExplanationRejected => [],
        _ => throw new InvalidDataException($"Statements have no row for {r.Event}."),
    };

    // Told again when the import that told it first was killed: then another statement has brought it.
    private static Statement Line(Recorded<object> r, StatementEvent.LineRead e) => new(
        """
        INSERT INTO statement_line (line, account, booked_at, day, currency, amount_minor, balance_minor, reference,
            counterparty, note, sha256, line_no, position)
        VALUES (@line, @account, @at, @day, @currency, @amount, @balance, @reference, @counterparty, @note, @sha256,
            @no, @position)
        ON CONFLICT (line) DO UPDATE SET counterparty = excluded.counterparty, note = excluded.note,
            sha256 = excluded.sha256, line_no = excluded.line_no, position = excluded.position
        """,
        1,
        ("line", e.Line), ("account", e.Account), ("at", e.BookedAt.ToUniversalTime()),
        ("day", BusinessDay.Of(e.BookedAt).Date), ("currency", Column.Name(e.Amount.Currency)),
        ("amount", e.Amount.MinorUnits), ("balance", (object?)e.Balance?.MinorUnits ?? DBNull.Value),
        ("reference", e.Reference), ("counterparty", e.Counterparty), ("note", e.Note), ("sha256", e.Sha256),
        ("no", e.LineNo), ("position", r.Position));
}
