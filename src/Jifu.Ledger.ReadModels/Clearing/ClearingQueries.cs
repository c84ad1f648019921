using Jifu.Ledger.Clearing;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>One clearing batch.</summary>
public sealed record BatchRow
{
    public required string BatchId { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Term { get; init; }
    public required int Run { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
}

/// <summary>What one batch cleared for one merchant, in minor units.</summary>
public sealed record ClearedRow : ClearingSums
{
    public required string BatchId { get; init; }
    public required long PayableMinor { get; init; }
    public required long CarriedMinor { get; init; }
}

/// <summary>Looks up what waits to be cleared and what was.</summary>
public sealed class ClearingQueries(ViewDatabase views)
{
    // Of an entry i that has no mark.
    private const string WasInRange = """
        EXISTS (SELECT FROM views.clearing_take t
            WHERE t.channel = i.channel AND t.business_day = i.business_day AND t.carried = (i.kind = 'brought_forward')
                AND i.position >= t.from_position AND i.position < t.until_position)
        """;

    /// <summary>What the items that a batch took sum to, for each merchant and currency, in the order of
    /// merchants.</summary>
    /// <remarks>Of rows that no longer change: asked again, it is the same.</remarks>
    public Task<IReadOnlyList<MerchantPosition>> PositionsOf(BatchId batch, CancellationToken cancellation) =>
        new BatchSums(views).Of(batch, cancellation);

    public Task<BatchRow?> Find(BatchId batch, CancellationToken cancellation) => views.One<BatchRow>(
        "SELECT * FROM views.clearing_batch WHERE batch_id = @batch", new { batch = batch.Value }, cancellation);

    public Task<IReadOnlyList<BatchRow>> BatchesOf(BusinessDay day, CancellationToken cancellation) =>
        views.List<BatchRow>(
            "SELECT * FROM views.clearing_batch WHERE day = @day ORDER BY channel, term, run",
            new { day = day.Date }, cancellation);

    public Task<IReadOnlyList<ClearedRow>> ClearedOf(BusinessDay day, CancellationToken cancellation) =>
        views.List<ClearedRow>(
            """
            SELECT p.* FROM views.clearing_position p JOIN views.clearing_batch b USING (batch_id)
            WHERE b.day = @day ORDER BY b.channel, b.term, b.run, p.merchant_id, p.currency
            """,
            new { day = day.Date }, cancellation);

    /// <summary>The days up to a last one that have items no batch took, with their channels.</summary>
    public async Task<IReadOnlyList<(Channel Channel, BusinessDay Day)>> Waiting(
        BusinessDay last, CancellationToken cancellation) =>
        [.. (await views.List<WaitingDay>(
            """
            SELECT channel, business_day AS day FROM views.clearing_waiting WHERE business_day <= @last
            UNION SELECT channel, day FROM views.clearing_batch WHERE status = 'open' AND day <= @last
            ORDER BY 2, 1
            """,
            new { last = last.Date }, cancellation))
            .Select(row => (ChannelNames.Parse(row.Channel), row.Day))];

    /// <summary>True when a batch has taken a payment.</summary>
    /// <param name="day">Its business day: no earlier batch can have.</param>
    /// <remarks>Where the view of lines has left the payment out, the batches themselves are looked through.</remarks>
    public Task<bool> IsCleared(
        Channel channel, PaymentId payment, MerchantId merchant, BusinessDay day, CancellationToken cancellation) =>
        views.Value<bool>(
            $"""
            SELECT coalesce(
                (SELECT i.batch_id IS NOT NULL OR {WasInRange}
                FROM views.channel_line l JOIN views.clearing_entry i ON i.position = l.position
                WHERE l.channel = @channel AND l.kind = 'payment' AND l.number = @payment),
                EXISTS (SELECT FROM views.clearing_batch b
                    JOIN views.clearing_entry i ON i.batch_id = b.batch_id AND i.merchant_id = @merchant
                    WHERE b.channel = @channel AND b.day >= @day AND i.kind = 'payment' AND i.payment_id = @payment)
                OR EXISTS (SELECT FROM views.clearing_entry i
                    WHERE i.channel = @channel AND i.business_day = @day AND i.merchant_id = @merchant
                        AND i.kind = 'payment' AND i.payment_id = @payment AND i.batch_id IS NULL AND {WasInRange}))
            """,
            new { channel = channel.Name(), payment = payment.Value, merchant = merchant.Value, day = day.Date },
            cancellation);

    /// <summary>The batches since a day that somebody began and nobody ended: not closed, or with a settlement that was
    /// not ordered. In the order in which they were opened.</summary>
    public Task<IReadOnlyList<BatchRow>> Unfinished(BusinessDay since, CancellationToken cancellation) =>
        views.List<BatchRow>(
            """
            SELECT * FROM views.clearing_batch b WHERE day >= @since AND (status = 'open' OR EXISTS (
                SELECT FROM views.clearing_position p WHERE p.batch_id = b.batch_id AND p.payable_minor > 0
                    AND NOT EXISTS (SELECT FROM views.settlement s WHERE s.day = b.day AND s.batch_id = p.batch_id
                        AND s.merchant_id = p.merchant_id AND s.currency = p.currency)))
            ORDER BY position
            """,
            new { since = since.Date }, cancellation);

    /// <summary>How many T+0 runs a channel's day has had.</summary>
    public Task<int> T0Runs(Channel channel, BusinessDay day, CancellationToken cancellation) => views.Value<int>(
        """
        SELECT coalesce(max(run), 0) FROM views.clearing_batch WHERE channel = @channel AND day = @day AND term = 'T0'
        """,
        new { channel = channel.Name(), day = day.Date }, cancellation);

    /// <summary>What T+0 runs of a channel's day paid out before the channel did.</summary>
    public Task<long> AdvancedMinor(Channel channel, BusinessDay day, CancellationToken cancellation) =>
        views.Value<long>(
            """
            SELECT coalesce(sum(p.payable_minor), 0)::bigint
            FROM views.clearing_position p JOIN views.clearing_batch b USING (batch_id)
            WHERE b.channel = @channel AND b.day = @day AND b.term = 'T0'
            """,
            new { channel = channel.Name(), day = day.Date }, cancellation);

    /// <summary>What T+0 runs of a channel have paid out and nothing has repaid yet.</summary>
    public Task<long> AdvanceLeftMinor(Channel channel, Currency currency, CancellationToken cancellation) =>
        views.Value<long>(
            """
            SELECT coalesce(sum(debit_minor - credit_minor), 0)::bigint FROM views.balance
            WHERE account = @account AND currency = @currency
            """,
            new { account = $"{Account.Advance(channel)}", currency = Column.Name(currency) }, cancellation);

    private sealed record WaitingDay
    {
        public required string Channel { get; init; }
        public required BusinessDay Day { get; init; }
    }
}
