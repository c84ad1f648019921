using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>The statements of <see cref="ClearingProjection"/>.</summary>
internal static class ClearingSql
{
    public static IEnumerable<Statement> Insert(List<ClearingItem> items)
    {
        if (items.Count == 0)
            yield break;
        yield return new(
            """
            INSERT INTO clearing_item (position, merchant_id, channel, currency, business_day, kind, payment_id,
                payments, refunds, gross_minor, refunded_minor, fees_minor, splits_minor, brought_minor)
            SELECT * FROM unnest(@position, @merchant, @channel, @currency, @day, @kind, @payment, @payments, @refunds,
                @gross, @refunded, @fees, @splits, @brought)
            """,
            items.Count,
            Column.Of("position", items, i => i.Position),
            Column.Of("merchant", items, i => i.Merchant.Value),
            Column.Of("channel", items, i => i.Channel.Name()),
            Column.Of("currency", items, i => Column.Name(i.Currency)),
            Column.Of("day", items, i => i.Day.Date),
            Column.Of("kind", items, i => i.Kind),
            Column.Of("payment", items, i => i.Payment),
            Column.Of("payments", items, i => i.Payments),
            Column.Of("refunds", items, i => i.Refunds),
            Column.Of("gross", items, i => i.Gross),
            Column.Of("refunded", items, i => i.Refunded),
            Column.Of("fees", items, i => i.Fees),
            Column.Of("splits", items, i => i.Splits),
            Column.Of("brought", items, i => i.Brought));
    }

    public static IEnumerable<Statement> Open(Recorded<object> recorded, ClearingEvent.Opened e)
    {
        yield return new(
            """
            INSERT INTO clearing_batch (batch_id, channel, day, term, run, status, opened_at, position)
            VALUES (@batch, @channel, @day, @term, @run, 'open', @at, @position)
            """,
            1,
            ("batch", recorded.Stream.Id), ("channel", e.Channel.Name()), ("day", e.Day.Date), ("term", $"{e.Term}"),
            ("run", e.Run), ("at", e.At.ToUniversalTime()), ("position", recorded.Position));
        yield return new(
            """
            UPDATE clearing_item SET batch_id = @batch
            WHERE batch_id IS NULL AND channel = @channel AND business_day <= @day
                AND (@everybody OR merchant_id = ANY (@merchants))
            """,
            -1,
            ("batch", recorded.Stream.Id), ("channel", e.Channel.Name()), ("day", e.Day.Date),
            ("everybody", e.Merchants is []), ("merchants", e.Merchants.Select(merchant => merchant.Value).ToArray()));
    }

    public static Statement Close(string batch, ClearingEvent.Closed e) => new(
        "UPDATE clearing_batch SET status = 'closed', closed_at = @at WHERE batch_id = @batch",
        1,
        ("batch", batch), ("at", e.At.ToUniversalTime()));

    public static Statement Positions(List<ClearingEvent.MerchantCleared> rows) => new(
        """
        INSERT INTO clearing_position (batch_id, merchant_id, currency, payments, refunds, gross_minor, refunded_minor,
            fees_minor, splits_minor, brought_minor, payable_minor, carried_minor)
        SELECT * FROM unnest(@batch, @merchant, @currency, @payments, @refunds, @gross, @refunded, @fees, @splits,
            @brought, @payable, @carried)
        """,
        rows.Count,
        Column.Of("batch", rows, r => r.Batch.Value),
        Column.Of("merchant", rows, r => r.Position.Merchant.Value),
        Column.Of("currency", rows, r => Column.Name(r.Position.Gross.Currency)),
        Column.Of("payments", rows, r => r.Position.PaymentCount),
        Column.Of("refunds", rows, r => r.Position.RefundCount),
        Column.Of("gross", rows, r => r.Position.Gross.MinorUnits),
        Column.Of("refunded", rows, r => r.Position.Refunded.MinorUnits),
        Column.Of("fees", rows, r => r.Position.Fees.MinorUnits),
        Column.Of("splits", rows, r => r.Position.Splits.MinorUnits),
        Column.Of("brought", rows, r => r.Position.BroughtForward.MinorUnits),
        Column.Of("payable", rows, r => r.Position.Payable.MinorUnits),
        Column.Of("carried", rows, r => r.Position.CarriedForward.MinorUnits));
}
