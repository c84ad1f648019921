using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>What a page of events changes in one row of <c>payment</c>: last known values, and sums to add.</summary>
internal sealed class PaymentChange(string id)
{
    public string Id => id;
    public PaymentEvent.Created? Created { get; private set; }
    public long CreatedPosition { get; private set; }
    public string? Status { get; private set; }
    public string? ChannelReference { get; private set; }
    public DateTimeOffset? PaidAt { get; private set; }
    public DateOnly? BusinessDay { get; private set; }
    public DateTimeOffset TouchedAt { get; private set; }

    /// <summary>True when the channel still has to be asked.</summary>
    public bool IsOpen => Status is "pending" or "unknown" or "cancelling";

    public bool Contradicted { get; private set; }
    public long Split { get; private set; }
    public long Held { get; private set; }
    public long Refunded { get; private set; }

    public void Apply(PaymentEvent @event, Recorded<object> recorded)
    {
        TouchedAt = recorded.RecordedAt.ToUniversalTime();
        switch (@event)
        {
            case PaymentEvent.Created e:
                (Created, CreatedPosition, Status) = (e, recorded.Position, "created");
                break;
            case PaymentEvent.Judged e:
                Status = e.Decision.Passed ? Status : "refused";
                break;
            case PaymentEvent.SentToChannel or PaymentEvent.Accepted:
                Status = "pending";
                break;
            case PaymentEvent.OutcomeUnknown:
                Status = "unknown";
                break;
            case PaymentEvent.Succeeded e:
                (Status, ChannelReference) = ("paid", e.ChannelReference);
                (PaidAt, BusinessDay) = (e.PaidAt.ToUniversalTime(), e.Day.Date);
                break;
            case PaymentEvent.ContradictionSeen:
                Contradicted = true;
                break;
            default:
                if (StatusAfter(@event) is { } status)
                    Status = status;
                else
                    ApplySums(@event);
                break;
        }
    }

    private static string? StatusAfter(PaymentEvent @event) => @event switch
    {
        PaymentEvent.Failed => "failed",
        PaymentEvent.Closed => "closed",
        PaymentEvent.CancelRequested => "cancelling",
        PaymentEvent.CancelRefused => "paid",
        PaymentEvent.Cancelled => "cancelled",
        _ => null,
    };

    private void ApplySums(PaymentEvent @event)
    {
        switch (@event)
        {
            case PaymentEvent.SplitMade e:
                Split += Jifu.Ledger.Splits.Split.Total(e.Shares, e.Shares[0].Amount.Currency).MinorUnits;
                break;
            case PaymentEvent.RefundRequested e:
                Held += e.Amount.MinorUnits;
                break;
            case PaymentEvent.RefundSucceeded e:
                Held -= e.Amount.MinorUnits;
                Refunded += e.Amount.MinorUnits;
                break;
            case PaymentEvent.RefundFailed e:
                Held -= e.Amount.MinorUnits;
                break;
            case PaymentEvent.RefundOutcomeUnknown or PaymentEvent.RefundWithdrawn or PaymentEvent.SplitWithdrawn
                or PaymentEvent.CancelWithdrawn:
                break;
            default:
                throw new InvalidDataException($"The list of payments has no row for {@event}.");
        }
    }
}
