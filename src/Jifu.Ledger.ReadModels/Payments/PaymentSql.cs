using Jifu.Ledger.Payments;

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
        foreach (var question in Questions(changes))
            yield return question;
    }

    private static Statement Insert(List<PaymentChange> rows) => Statement.Insert(
        "payment", rows.Count,
        Column.Of("payment_id", rows, r => r.Id),
        Column.Of("merchant_id", rows, r => r.Created!.Order.Merchant.Value),
        Column.Of("merchant_order_no", rows, r => r.Created!.Order.MerchantOrderNo),
        Column.Of("channel", rows, r => r.Created!.Order.Channel.Name()),
        Column.Of("product", rows, r => ProductOf(r.Created!.Order.Product)),
        Column.Of("description", rows, r => r.Created!.Order.Description),
        Column.Of("currency", rows, r => Column.Name(r.Created!.Order.Amount.Currency)),
        Column.Of("amount_minor", rows, r => r.Created!.Order.Amount.MinorUnits),
        Column.Of("fee_minor", rows, r => r.Created!.Terms.Quote.Fee.MinorUnits),
        Column.Of("split_minor", rows, r => r.Split),
        Column.Of("refund_held_minor", rows, r => r.Held),
        Column.Of("refunded_minor", rows, r => r.Refunded),
        Column.Of("status", rows, r => r.Status!),
        Column.Of("contradicted", rows, r => r.Contradicted),
        Column.Of("channel_reference", rows, r => r.ChannelReference),
        Column.Of("created_day", rows, r => r.Created!.Terms.Day.Date),
        Column.Of("created_at", rows, r => r.Created!.At.ToUniversalTime()),
        Column.Of("paid_at", rows, r => r.PaidAt),
        Column.Of("business_day", rows, r => r.BusinessDay),
        Column.Of("created_position", rows, r => r.CreatedPosition));

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
            refunded_minor = p.refunded_minor + c.refunded
        FROM (
            SELECT unnest(@id) AS id, unnest(@status) AS status, unnest(@contradicted) AS contradicted,
                unnest(@reference) AS reference, unnest(@paid_at) AS paid_at, unnest(@day) AS day,
                unnest(@split) AS split, unnest(@held) AS held, unnest(@refunded) AS refunded
        ) AS c
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
        Column.Of("refunded", rows, r => r.Refunded));

    // Everything said of a payment, whether its row is new or not, has either opened a question or answered it.
    private static IEnumerable<Statement> Questions(IReadOnlyList<PaymentChange> changes)
    {
        var asked = changes.Where(change => change.IsOpen).ToList();
        if (asked.Count > 0)
        {
            yield return new(
                """
                INSERT INTO payment_open (payment_id, touched_at) SELECT unnest(@id), unnest(@touched)
                ON CONFLICT (payment_id) DO UPDATE SET touched_at = excluded.touched_at
                """,
                asked.Count, Column.Of("id", asked, r => r.Id), Column.Of("touched", asked, r => r.TouchedAt));
        }

        var answered = changes.Where(change => change is { Created: null, IsOpen: false, Status: not null }).ToList();
        if (answered.Count > 0)
        {
            yield return new(
                "DELETE FROM payment_open WHERE payment_id = ANY (@id)", -1,
                Column.Of("id", answered, r => r.Id));
        }

        var heardOf = changes.Where(change => change is { Created: null, Status: null }).ToList();
        if (heardOf.Count > 0)
        {
            yield return new(
                """
                UPDATE payment_open o SET touched_at = c.touched
                FROM (SELECT unnest(@id) AS id, unnest(@touched) AS touched) AS c WHERE o.payment_id = c.id
                """,
                -1, Column.Of("id", heardOf, r => r.Id), Column.Of("touched", heardOf, r => r.TouchedAt));
        }
    }

    private static string ProductOf(PaymentProduct product) =>
        Products.GetValueOrDefault(product) ?? SnakeCase.Of($"{product}");

    private static readonly Dictionary<PaymentProduct, string> Products =
        Enum.GetValues<PaymentProduct>().ToDictionary(product => product, product => SnakeCase.Of($"{product}"));
}
