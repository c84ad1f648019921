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
        yield return Statement.Insert(
            "clearing_item", items.Count,
            Column.Of("position", items, i => i.Position),
            Column.Of("merchant_id", items, i => i.Merchant.Value),
            Column.Of("channel", items, i => i.Channel.Name()),
            Column.Of("currency", items, i => Column.Name(i.Currency)),
            Column.Of("business_day", items, i => i.Day.Date),
            Column.Of("kind", items, i => i.Kind),
            Column.Of("payment_id", items, i => i.Payment),
            Column.Of("payments", items, i => i.Payments),
            Column.Of("refunds", items, i => i.Refunds),
            Column.Of("gross_minor", items, i => i.Gross),
            Column.Of("refunded_minor", items, i => i.Refunded),
            Column.Of("fees_minor", items, i => i.Fees),
            Column.Of("splits_minor", items, i => i.Splits),
            Column.Of("brought_minor", items, i => i.Brought));
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
            ("everybody", e.Merchants is []), ("merchants", e.Merchants.Select(merchant => merchant.Value).ToArray()))
        {
            TakesItsTime = true,
        };
    }

    public static Statement Close(string batch, ClearingEvent.Closed e) => new(
        "UPDATE clearing_batch SET status = 'closed', closed_at = @at WHERE batch_id = @batch",
        1,
        ("batch", batch), ("at", e.At.ToUniversalTime()));

    public static Statement Positions(List<ClearingEvent.MerchantCleared> rows) => Statement.Insert(
        "clearing_position", rows.Count,
        Column.Of("batch_id", rows, r => r.Batch.Value),
        Column.Of("merchant_id", rows, r => r.Position.Merchant.Value),
        Column.Of("currency", rows, r => Column.Name(r.Position.Gross.Currency)),
        Column.Of("payments", rows, r => r.Position.PaymentCount),
        Column.Of("refunds", rows, r => r.Position.RefundCount),
        Column.Of("gross_minor", rows, r => r.Position.Gross.MinorUnits),
        Column.Of("refunded_minor", rows, r => r.Position.Refunded.MinorUnits),
        Column.Of("fees_minor", rows, r => r.Position.Fees.MinorUnits),
        Column.Of("splits_minor", rows, r => r.Position.Splits.MinorUnits),
        Column.Of("brought_minor", rows, r => r.Position.BroughtForward.MinorUnits),
        Column.Of("payable_minor", rows, r => r.Position.Payable.MinorUnits),
        Column.Of("carried_minor", rows, r => r.Position.CarriedForward.MinorUnits));
}
