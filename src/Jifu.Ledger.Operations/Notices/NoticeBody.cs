using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>What a notice says, in snake_case JSON. Amounts are integers of minor units; moments carry Beijing's
/// offset; what does not apply is left out.</summary>
/// <remarks>Merchants read this for years: add members, never rename or remove them.</remarks>
internal sealed record NoticeBody(string Id, string Type, DateTimeOffset CreatedAt, NoticeSubject Data)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}

/// <summary>The payment, or one refund of it, as it ended.</summary>
/// <param name="Amount">Of the payment; of the refund where <see cref="RefundNo"/> is given.</param>
internal sealed record NoticeSubject(
    string PaymentId, string MerchantOrderNo, string Status, long Amount, string Currency, string Channel)
{
    // Channels write reasons for people, and some write much; the body has a limit that merchants rely on.
    private const int ReasonLengthMax = 500;

    private readonly string? _reason;

    public string? RefundNo { get; init; }
    public string? ChannelReference { get; init; }
    public string? BusinessDay { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? RefundedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Code { get; init; }

    public string? Reason
    {
        get => _reason;
        init => _reason = value?.Length > ReasonLengthMax ? value[..ReasonLengthMax] : value;
    }

    /// <summary>What to say of an event; null when it is no end.</summary>
    public static NoticeSubject? Of(PaymentId payment, PaymentEvent @event, PaymentOrder order)
    {
        var whole = new NoticeSubject(
            payment.Value, order.MerchantOrderNo, "", order.Amount.MinorUnits, $"{order.Amount.Currency}",
            order.Channel.Name());
        return @event switch
        {
            PaymentEvent.Succeeded e => whole with
            {
                Status = "paid", ChannelReference = e.ChannelReference, PaidAt = Beijing(e.PaidAt),
                BusinessDay = $"{e.Day}",
            },
            PaymentEvent.Failed e => whole with
            {
                Status = "failed", Code = e.Code, Reason = e.Reason, EndedAt = Beijing(e.At),
            },
            PaymentEvent.Closed e => whole with { Status = "closed", EndedAt = Beijing(e.At) },
            PaymentEvent.Cancelled e => whole with
            {
                Status = "cancelled", ChannelReference = e.ChannelReference, EndedAt = Beijing(e.At),
                BusinessDay = $"{e.Day}",
            },
            PaymentEvent.RefundSucceeded e => whole with
            {
                Status = "succeeded", RefundNo = e.Refund.Value, Amount = e.Amount.MinorUnits,
                ChannelReference = e.ChannelRefundReference, RefundedAt = Beijing(e.RefundedAt),
                BusinessDay = $"{e.Day}",
            },
            PaymentEvent.RefundFailed e => whole with
            {
                Status = "failed", RefundNo = e.Refund.Value, Amount = e.Amount.MinorUnits, Code = e.Code,
                Reason = e.Reason, EndedAt = Beijing(e.At), BusinessDay = $"{e.Day}",
            },
            _ => null,
        };
    }

    internal static DateTimeOffset Beijing(DateTimeOffset moment) => moment.ToOffset(Jifu.Ledger.BusinessDay.Offset);
}

/// <summary>Makes notices of events.</summary>
internal static class NoticeOf
{
    /// <summary>The notice that an event makes when it goes to this address; null when the event is no end.</summary>
    public static Notice? Event(Recorded<PaymentEvent> recorded, PaymentOrder order, string url)
    {
        var payment = new PaymentId(recorded.Stream.Id);
        if (NoticeSubject.Of(payment, recorded.Event, order) is not { } subject)
            return null;
        var (id, type) = ($"ntc_{recorded.EventId:N}", LedgerEvents.Codec.TypeName(recorded.Event.GetType()));
        var body = new NoticeBody(id, type, NoticeSubject.Beijing(recorded.RecordedAt), subject);
        RefundId? refund = subject.RefundNo is { } no ? new(no) : null;
        return new(
            id, order.Merchant, url, type, payment, refund, body.ToBytes(), recorded.Position, recorded.RecordedAt);
    }
}
