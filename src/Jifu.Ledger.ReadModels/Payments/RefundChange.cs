using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>What a page of events changes in one row of <c>refund</c>.</summary>
internal sealed class RefundChange(string payment, string no)
{
    public string Payment => payment;
    public string No => no;
    public PaymentEvent.RefundRequested? Requested { get; private set; }
    public long Position { get; private set; }
    public string Status { get; private set; } = "";
    public string? Reference { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }
    public DateTimeOffset TouchedAt { get; private set; }

    public void Apply(PaymentEvent @event, Recorded<object> recorded)
    {
        TouchedAt = recorded.RecordedAt.ToUniversalTime();
        switch (@event)
        {
            case PaymentEvent.RefundRequested e:
                (Requested, Position, Status) = (e, recorded.Position, "requested");
                break;
            case PaymentEvent.RefundOutcomeUnknown:
                Status = "unknown";
                break;
            case PaymentEvent.RefundSucceeded e:
                (Status, Reference) = ("succeeded", e.ChannelRefundReference);
                FinishedAt = e.RefundedAt.ToUniversalTime();
                break;
            case PaymentEvent.RefundFailed e:
                (Status, FinishedAt) = ("failed", e.At.ToUniversalTime());
                break;
            default:
                throw new InvalidDataException($"The list of refunds has no row for {@event}.");
        }
    }
}

/// <summary>Writes changes of <c>refund</c>.</summary>
internal static class RefundSql
{
    public static IEnumerable<Statement> Changes(IReadOnlyList<RefundChange> changes)
    {
        var made = changes.Where(change => change.Requested is not null).ToList();
        var known = changes.Where(change => change.Requested is null).ToList();
        if (made.Count > 0)
            yield return Insert(made);
        if (known.Count > 0)
            yield return Update(known);
    }

    private static Statement Insert(List<RefundChange> rows) => new(
        """
        INSERT INTO refund (payment_id, refund_no, merchant_id, channel, currency, amount_minor, status, reason,
            channel_reference, requested_at, finished_at, touched_at, position)
        SELECT unnest(@payment), unnest(@no), unnest(@merchant), unnest(@channel), unnest(@currency), unnest(@amount),
            unnest(@status), unnest(@reason), unnest(@reference), unnest(@requested), unnest(@finished),
            unnest(@touched), unnest(@position)
        """,
        rows.Count,
        Column.Of("payment", rows, r => r.Payment),
        Column.Of("no", rows, r => r.No),
        Column.Of("merchant", rows, r => r.Requested!.Merchant.Value),
        Column.Of("channel", rows, r => r.Requested!.Channel.Name()),
        Column.Of("currency", rows, r => Column.Name(r.Requested!.Amount.Currency)),
        Column.Of("amount", rows, r => r.Requested!.Amount.MinorUnits),
        Column.Of("status", rows, r => r.Status),
        Column.Of("reason", rows, r => r.Requested!.Reason),
        Column.Of("reference", rows, r => r.Reference),
        Column.Of("requested", rows, r => r.Requested!.At.ToUniversalTime()),
        Column.Of("finished", rows, r => r.FinishedAt),
        Column.Of("touched", rows, r => r.TouchedAt),
        Column.Of("position", rows, r => r.Position));

    private static Statement Update(List<RefundChange> rows) => new(
        """
        UPDATE refund r SET
            status = c.status,
            channel_reference = coalesce(c.reference, r.channel_reference),
            finished_at = coalesce(c.finished, r.finished_at),
            touched_at = c.touched
        FROM (
            SELECT unnest(@payment) AS payment, unnest(@no) AS no, unnest(@status) AS status,
                unnest(@reference) AS reference, unnest(@finished) AS finished, unnest(@touched) AS touched
        ) AS c
        WHERE r.payment_id = c.payment AND r.refund_no = c.no
        """,
        rows.Count,
        Column.Of("payment", rows, r => r.Payment),
        Column.Of("no", rows, r => r.No),
        Column.Of("status", rows, r => r.Status),
        Column.Of("reference", rows, r => r.Reference),
        Column.Of("finished", rows, r => r.FinishedAt),
        Column.Of("touched", rows, r => r.TouchedAt));
}
