namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>Writes changes of <c>payment</c>: new rows whole, known rows by what changed.</summary>
internal static class PaymentSql
{
    public static IEnumerable<Statement> Changes(IReadOnlyList<PaymentChange> changes)
    {
        var made = changes.Where(change => change.Created is not null).ToList();
        var known = changes.Where(change => change.Created is null).ToList();
        if (made.Count > 0)
            yield return Insert(made);
        if (known.Count > 0)
            yield return Update(known);
    }

    private static Statement Insert(List<PaymentChange> rows) => new(
        """
        INSERT INTO payment (payment_id, merchant_id, merchant_order_no, channel, product, description, currency,
            amount_minor, fee_minor, split_minor, refund_held_minor, refunded_minor, status, contradicted,
            channel_reference, created_day, created_at, paid_at, business_day, touched_at, created_position)
        SELECT * FROM unnest(@id, @merchant, @order_no, @channel, @product, @description, @currency, @amount, @fee,
            @split, @held, @refunded, @status, @contradicted, @reference, @created_day, @created_at, @paid_at, @day,
            @touched, @position)
        """,
        rows.Count,
        Column.Of("id", rows, r => r.Id),
        Column.Of("merchant", rows, r => r.Created!.Order.Merchant.Value),
        Column.Of("order_no", rows, r => r.Created!.Order.MerchantOrderNo),
        Column.Of("channel", rows, r => r.Created!.Order.Channel.Name()),
        Column.Of("product", rows, r => SnakeCase.Of($"{r.Created!.Order.Product}")),
        Column.Of("description", rows, r => r.Created!.Order.Description),
        Column.Of("currency", rows, r => Column.Name(r.Created!.Order.Amount.Currency)),
        Column.Of("amount", rows, r => r.Created!.Order.Amount.MinorUnits),
        Column.Of("fee", rows, r => r.Created!.Terms.Quote.Fee.MinorUnits),
        Column.Of("split", rows, r => r.Split),
        Column.Of("held", rows, r => r.Held),
        Column.Of("refunded", rows, r => r.Refunded),
        Column.Of("status", rows, r => r.Status!),
        Column.Of("contradicted", rows, r => r.Contradicted),
        Column.Of("reference", rows, r => r.ChannelReference),
        Column.Of("created_day", rows, r => r.Created!.Terms.Day.Date),
        Column.Of("created_at", rows, r => r.Created!.At.ToUniversalTime()),
        Column.Of("paid_at", rows, r => r.PaidAt),
        Column.Of("day", rows, r => r.BusinessDay),
        Column.Of("touched", rows, r => r.TouchedAt),
        Column.Of("position", rows, r => r.CreatedPosition));

    private static Statement Update(List<PaymentChange> rows) => new(
        """
        UPDATE payment p SET
            status = coalesce(c.status, p.status),
            contradicted = p.contradicted OR c.contradicted,
            channel_reference = coalesce(c.reference, p.channel_reference),
            paid_at = coalesce(c.paid_at, p.paid_at),
            business_day = coalesce(c.day, p.business_day),
            split_minor = p.split_minor + c.split,
            refund_held_minor = p.refund_held_minor + c.held,
            refunded_minor = p.refunded_minor + c.refunded,
            touched_at = c.touched
        FROM unnest(@id, @status, @contradicted, @reference, @paid_at, @day, @split, @held, @refunded, @touched)
            AS c (id, status, contradicted, reference, paid_at, day, split, held, refunded, touched)
        WHERE p.payment_id = c.id
        """,
        rows.Count,
        Column.Of("id", rows, r => r.Id),
        Column.Of("status", rows, r => r.Status),
        Column.Of("contradicted", rows, r => r.Contradicted),
        Column.Of("reference", rows, r => r.ChannelReference),
        Column.Of("paid_at", rows, r => r.PaidAt),
        Column.Of("day", rows, r => r.BusinessDay),
        Column.Of("split", rows, r => r.Split),
        Column.Of("held", rows, r => r.Held),
        Column.Of("refunded", rows, r => r.Refunded),
        Column.Of("touched", rows, r => r.TouchedAt));
}
