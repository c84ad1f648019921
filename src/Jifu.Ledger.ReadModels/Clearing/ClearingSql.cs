using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>The statements of <see cref="ClearingProjection"/>.</summary>
internal static class ClearingSql
{
    // Of an entry i, and what waits of a channel's day, w. What stands before that was taken by batches for everybody.
    private const string IsWaiting = """
        i.channel = w.channel AND i.business_day = w.business_day AND i.batch_id IS NULL
            AND (i.kind = 'brought_forward') = w.carried AND i.position >= w.first_position
        """;

    public static IEnumerable<Statement> Insert(List<ClearingItem> items)
    {
        if (items.Count == 0)
            yield break;
        yield return Statement.Insert(
            "clearing_entry", items.Count,
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
        var first = items.GroupBy(i => (i.Channel, i.Day, i.IsCarried)).Select(group => group.First()).ToList();
        yield return new(
            """
            INSERT INTO clearing_waiting (channel, business_day, carried, first_position)
            SELECT unnest(@channel), unnest(@business_day), unnest(@carried), unnest(@first_position)
            ON CONFLICT DO NOTHING
            """,
            -1,
            Column.Of("channel", first, i => i.Channel.Name()),
            Column.Of("business_day", first, i => i.Day.Date),
            Column.Of("carried", first, i => i.IsCarried),
            Column.Of("first_position", first, i => i.Position));
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
        if (e.Merchants is [])
        {
            yield return TakeAll(recorded, e);
        }
        else
        {
            yield return Mark(recorded.Stream.Id, e);
            yield return WhatWaitsStill(e);
        }
    }

    // However many items they are: no item is touched.
    private static Statement TakeAll(Recorded<object> recorded, ClearingEvent.Opened e) => new(
        """
        WITH taken AS (
            DELETE FROM clearing_waiting WHERE channel = @channel AND business_day <= @day
            RETURNING business_day, carried, first_position)
        INSERT INTO clearing_take (batch_id, channel, business_day, carried, from_position, until_position)
        SELECT @batch, @channel, business_day, carried, first_position, @position FROM taken
        """,
        -1,
        ("batch", recorded.Stream.Id), ("channel", e.Channel.Name()), ("day", e.Day.Date),
        ("position", recorded.Position));

    private static Statement Mark(string batch, ClearingEvent.Opened e) => new(
        $"""
        UPDATE clearing_entry i SET batch_id = @batch FROM clearing_waiting w
        WHERE w.channel = @channel AND w.business_day <= @day AND {IsWaiting} AND i.merchant_id = ANY (@merchants)
        """,
        -1,
        ("batch", batch), ("channel", e.Channel.Name()), ("day", e.Day.Date),
        ("merchants", e.Merchants.Select(merchant => merchant.Value).ToArray()))
    {
        TakesItsTime = true,
    };

    // What waits begins with the first item that is left.
    private static Statement WhatWaitsStill(ClearingEvent.Opened e) => new(
        $"""
        WITH still AS MATERIALIZED (
            SELECT w.business_day, w.carried, (SELECT min(i.position) FROM clearing_entry i WHERE {IsWaiting}) AS first
            FROM clearing_waiting w WHERE w.channel = @channel AND w.business_day <= @day),
        gone AS (
            DELETE FROM clearing_waiting w USING still s
            WHERE w.channel = @channel AND w.business_day = s.business_day AND w.carried = s.carried
                AND s.first IS NULL)
        UPDATE clearing_waiting w SET first_position = s.first FROM still s
        WHERE w.channel = @channel AND w.business_day = s.business_day AND w.carried = s.carried
            AND s.first > w.first_position
        """,
        -1,
        ("channel", e.Channel.Name()), ("day", e.Day.Date))
    {
        TakesItsTime = true,
    };

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
