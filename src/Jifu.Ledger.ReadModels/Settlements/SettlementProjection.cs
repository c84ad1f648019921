using Jifu.Ledger.EventLog;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Settlements;

/// <summary>Keeps <c>settlement</c>, one row a settlement order, and <c>payout</c>, one row an attempt to pay it out.
/// </summary>
public sealed class SettlementProjection : IProjection
{
    public string Name => "settlements";

    public IReadOnlyList<string> Tables => ["settlement", "payout"];

    public IReadOnlyList<string> SearchedBy =>
        ["settlement_pkey", "payout_pkey", "payout_expected_key", "payout_by_settlement"];

    public IReadOnlyList<Type> LooksAt => [typeof(SettlementEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) =>
        [.. page.Where(recorded => recorded.Event is SettlementEvent).SelectMany(StatementsOf)];

    private static IEnumerable<Statement> StatementsOf(Recorded<object> r) =>
        new[] { StatementOf(r), PayoutOf(r) }.OfType<Statement>();

    // One that follows another that came back is another movement at the bank.
    private static Statement? PayoutOf(Recorded<object> r) => (SettlementEvent)r.Event switch
    {
        SettlementEvent.PayoutSent e => new(
            """
            INSERT INTO payout (reference, settlement_id, expected, currency, amount_minor, sent_at)
            SELECT @reference, @id, 'settlement:' || CASE WHEN EXISTS (SELECT FROM payout
                WHERE settlement_id = @id AND returned_by IS NOT NULL) THEN @reference ELSE @id END,
                @currency, @amount, @at
            ON CONFLICT (expected) DO UPDATE SET reference = excluded.reference, sent_at = excluded.sent_at
            """,
            1,
            ("reference", e.Reference), ("id", r.Stream.Id), ("currency", Column.Name(e.Amount.Currency)),
            ("amount", e.Amount.MinorUnits), ("at", e.At.ToUniversalTime())),
        SettlementEvent.PayoutConfirmed e => new(
            """
            UPDATE payout SET bank_reference = @bank, confirmed_at = @at
            WHERE reference = (SELECT reference FROM settlement WHERE settlement_id = @id)
            """,
            1, ("id", r.Stream.Id), ("bank", e.BankReference), ("at", e.At.ToUniversalTime())),
        SettlementEvent.PayoutReturned e => new(
            "UPDATE payout SET returned_by = @line WHERE reference = @reference",
            1, ("reference", e.Reference), ("line", e.Line)),
        _ => null,
    };

    private static Statement? StatementOf(Recorded<object> r) => (SettlementEvent)r.Event switch
    {
        SettlementEvent.Ordered e => new(
            """
            INSERT INTO settlement (settlement_id, merchant_id, batch_id, channel, day, term, currency, amount_minor,
                payout_account, status, ordered_at, position)
            VALUES (@id, @merchant, @batch, @channel, @day, @term, @currency, @amount, @account, 'ordered', @at,
                @position)
            """,
            1,
            ("id", r.Stream.Id), ("merchant", e.Merchant.Value), ("batch", e.Batch.Value),
            ("channel", e.Channel.Name()), ("day", e.Day.Date), ("term", $"{e.Term}"),
            ("currency", Column.Name(e.Amount.Currency)), ("amount", e.Amount.MinorUnits),
            ("account", e.PayoutAccount), ("at", e.At.ToUniversalTime()), ("position", r.Position)),
        SettlementEvent.Judged { Decision.Passed: true } => null,
        SettlementEvent.Judged => Status(r, "held"),
        SettlementEvent.PayoutSent e => new(
            """
            UPDATE settlement SET status = 'sent', reference = @reference, finished_at = NULL WHERE settlement_id = @id
            """,
            1, ("id", r.Stream.Id), ("reference", e.Reference)),
        SettlementEvent.PayoutOutcomeUnknown => Status(r, "unknown"),
        SettlementEvent.PayoutConfirmed e => new(
            """
            UPDATE settlement SET status = 'confirmed', bank_reference = @reference, finished_at = @at
            WHERE settlement_id = @id
            """,
            1, ("id", r.Stream.Id), ("reference", e.BankReference), ("at", e.At.ToUniversalTime())),
        SettlementEvent.PayoutFailed e => new(
            "UPDATE settlement SET status = 'failed', finished_at = @at WHERE settlement_id = @id",
            1, ("id", r.Stream.Id), ("at", e.At.ToUniversalTime())),
        SettlementEvent.PayoutReturned e => new(
            "UPDATE settlement SET status = 'returned', finished_at = @at WHERE settlement_id = @id",
            1, ("id", r.Stream.Id), ("at", e.At.ToUniversalTime())),
        _ => throw new InvalidDataException($"The list of settlements has no row for {r.Event}."),
    };

    private static Statement Status(Recorded<object> r, string status) => new(
        "UPDATE settlement SET status = @status WHERE settlement_id = @id",
        1, ("id", r.Stream.Id), ("status", status));
}
