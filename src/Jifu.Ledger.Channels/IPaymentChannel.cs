using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Channels;

/// <summary>One payment channel as we talk to it: each method is one conversation,
/// and none of them throws for what a channel says.</summary>
/// <remarks>
/// Every call may be repeated: the channel knows a payment by its <see cref="PaymentId"/> and a refund by the number
/// we gave it.
/// A lost or unclear answer is <see cref="ChannelAnswer.Unknown"/>, never a guess; the caller asks again with a query.
/// </remarks>
public interface IPaymentChannel
{
    Channel Channel { get; }

    /// <summary>Order it. A code to scan comes back at once; a scanned code may be paid at once.</summary>
    Task<ChannelAnswer> Pay(PaymentId payment, PaymentOrder order, CancellationToken cancellation);

    Task<ChannelAnswer> Query(PaymentId payment, CancellationToken cancellation);

    /// <summary>Close it unpaid. Answers <see cref="ChannelAnswer.Closed"/>, or <see cref="ChannelAnswer.Paid"/> when
    /// it was too late.</summary>
    Task<ChannelAnswer> Close(PaymentId payment, CancellationToken cancellation);

    /// <summary>Undo it on its own day (撤销). Answers <see cref="ChannelAnswer.Revoked"/> or
    /// <see cref="ChannelAnswer.Refused"/>.</summary>
    Task<ChannelAnswer> Revoke(PaymentId payment, CancellationToken cancellation);

    /// <summary>Refund some of it under a number that means this refund for ever.</summary>
    Task<ChannelAnswer> Refund(ChannelRefund refund, CancellationToken cancellation);

    Task<ChannelAnswer> QueryRefund(string refundNo, CancellationToken cancellation);

    /// <summary>The trade bill (交易账单) of a day, as the channel's own bytes; null when it is not there yet, and
    /// <see cref="ChannelBillFile.Nothing"/> when the channel says that there is none and will be none.</summary>
    Task<ChannelBillFile?> DownloadBill(BusinessDay day, CancellationToken cancellation);

    /// <summary>Whether the channel gives a fund flow beside its trade bill. One that does not is never asked for
    /// it.</summary>
    bool GivesFundFlow { get; }

    /// <summary>The fund flow (资金账单) of a day, unpacked; null when it is not there yet.</summary>
    /// <exception cref="Bills.BillRejectedException">What came is not what the channel said that it
    /// gives.</exception>
    Task<ChannelBillFile?> DownloadFundFlow(BusinessDay day, CancellationToken cancellation);

    /// <summary>What the channel has paid into our bank account for a day, less its fees;
    /// null when nothing has arrived yet.</summary>
    Task<ChannelFunds?> QueryFunds(BusinessDay day, CancellationToken cancellation);

    /// <summary>Checks a notice's signature and reads it; null when it is not genuine.
    /// The body is the raw bytes.</summary>
    ChannelNotice? ReadNotice(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body);
}

/// <summary>A refund as the channel needs it.</summary>
/// <param name="RefundNo">Our number for it, unique over all payments: see <see cref="ChannelNumbers"/>.</param>
public sealed record ChannelRefund(
    PaymentId Payment, string RefundNo, Money Amount, Money PaymentAmount, string Reason);

/// <summary>Bytes of a bill and the name under which the channel gives them.</summary>
public sealed record ChannelBillFile(string FileName, ReadOnlyMemory<byte> Content)
{
    /// <summary>The channel has no bill of that day, since it had no trade (WeChat Pay: <c>NO_STATEMENT_EXIST</c>).
    /// </summary>
    public static readonly ChannelBillFile Nothing = new("", default);
}

/// <summary>Money that arrived at the bank.</summary>
public sealed record ChannelFunds(Money Amount, string BankReference);

/// <summary>What a channel answered.</summary>
public abstract record ChannelAnswer
{
    private ChannelAnswer() { }

    /// <summary>Taken; it waits for the payer, or for the channel's own work on a refund.</summary>
    public sealed record Accepted(string Credential) : ChannelAnswer;

    public sealed record Paid(string Reference, Money Amount, DateTimeOffset PaidAt) : ChannelAnswer;

    public sealed record Refunded(string Reference, Money Amount, DateTimeOffset RefundedAt) : ChannelAnswer;

    public sealed record Revoked(string Reference, DateTimeOffset RevokedAt) : ChannelAnswer;

    public sealed record Closed : ChannelAnswer;

    /// <summary>A final no: it will not happen under this number.</summary>
    public sealed record Refused(string Code, string Reason) : ChannelAnswer;

    /// <summary>The channel has never heard of it.</summary>
    public sealed record NotFound : ChannelAnswer;

    /// <summary>No answer, or one that says nothing. It may have happened.</summary>
    public sealed record Unknown(string Reason) : ChannelAnswer;
}

/// <summary>A genuine notice: which payment or refund it is about, and what the channel says of it.</summary>
/// <param name="Payment">The payment it names.</param>
/// <param name="RefundNo">Our refund number, when it is about a refund; null otherwise.</param>
public sealed record ChannelNotice(string NoticeId, PaymentId Payment, string? RefundNo, ChannelAnswer Answer);

/// <summary>The numbers we give channels for what has no number of its own there.</summary>
public static class ChannelNumbers
{
    /// <summary>A refund's number for the channel: unique over all payments, at most 64 characters.</summary>
    public static string RefundNo(PaymentId payment, RefundId refund) => $"{payment}.{refund}";

    /// <summary>Reads <see cref="RefundNo"/> back; null when we never gave such a number.</summary>
    public static (PaymentId Payment, RefundId Refund)? ReadRefundNo(string refundNo)
    {
        ArgumentNullException.ThrowIfNull(refundNo);
        var dot = refundNo.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? (new(refundNo[..dot]), new(refundNo[(dot + 1)..])) : null;
    }
}
