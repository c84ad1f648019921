using System.Net;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Channels.Sandbox;

/// <summary>The sandbox channel as we talk to it: a channel of our own making that behaves like a real one, over HTTP.
/// Times in its answers are those of the sandbox's clock.</summary>
public sealed class SandboxChannel(SandboxConnection connection) : IPaymentChannel
{
    public Channel Channel => Channel.Sandbox;

    public async Task<ChannelAnswer> Pay(PaymentId payment, PaymentOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Answer(await connection.Post("/sandbox/v3/payments", new SandboxPayRequest(
            payment.Value, order.Merchant.Value, order.Amount.MinorUnits, $"{order.Amount.Currency}",
            SnakeCase.Of($"{order.Product}"), order.Description, order.PayerId, order.PayerCode), cancellation));
    }

    public async Task<ChannelAnswer> Query(PaymentId payment, CancellationToken cancellation) =>
        Answer(await connection.Get(PathOf(payment), cancellation));

    public async Task<ChannelAnswer> Close(PaymentId payment, CancellationToken cancellation) =>
        Answer(await connection.Post($"{PathOf(payment)}/close", cancellation));

    public async Task<ChannelAnswer> Revoke(PaymentId payment, CancellationToken cancellation) =>
        Answer(await connection.Post($"{PathOf(payment)}/revoke", cancellation));

    public async Task<ChannelAnswer> Refund(ChannelRefund refund, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(refund);
        return Answer(await connection.Post("/sandbox/v3/refunds", new SandboxRefundRequest(
            refund.Payment.Value, refund.RefundNo, refund.Amount.MinorUnits, refund.PaymentAmount.MinorUnits,
            $"{refund.Amount.Currency}", refund.Reason), cancellation));
    }

    public async Task<ChannelAnswer> QueryRefund(string refundNo, CancellationToken cancellation) => Answer(
        await connection.Get($"/sandbox/v3/refunds?refund_no={Uri.EscapeDataString(refundNo)}", cancellation));

    public async Task<ChannelBillFile?> DownloadBill(BusinessDay day, CancellationToken cancellation)
    {
        var reply = await connection.Get($"/sandbox/v3/bills/{day}", cancellation);
        return reply.Status == HttpStatusCode.OK
            ? new(reply.FileName ?? $"sandbox-{day}.csv", reply.Body)
            : null;
    }

    public bool GivesFundFlow => true;

    public async Task<ChannelBillFile?> DownloadFundFlow(BusinessDay day, CancellationToken cancellation)
    {
        var asked = await connection.Get(
            $"/sandbox/v3/bill/fundflowbill?bill_date={day}&account_type=BASIC&tar_type=GZIP", cancellation);
        if (asked.Status != HttpStatusCode.OK || BillLink.Read(asked.Body) is not { Path: { } path } link)
            return null;
        var file = await connection.Get(path, cancellation);
        return file.Status == HttpStatusCode.OK
            ? link.Unpacked(file.FileName ?? $"sandbox-{day}-fund-flow.csv", file.Body)
            : null;
    }

    public async Task<ChannelFunds?> QueryFunds(BusinessDay day, CancellationToken cancellation)
    {
        var reply = await connection.Get($"/sandbox/v3/funds/{day}", cancellation);
        return reply.Status == HttpStatusCode.OK && SandboxJson.Read<SandboxFunds>(reply.Body) is { } funds
            && SandboxResult.CurrencyOf(funds.Currency) is { } currency
            ? new(new(funds.Amount, currency), funds.BankReference)
            : null;
    }

    public ChannelNotice? ReadNotice(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (Header(headers, SandboxHeaders.Timestamp) is not { } timestamp
            || Header(headers, SandboxHeaders.Nonce) is not { } nonce
            || Header(headers, SandboxHeaders.Signature) is not { } signature
            || !connection.IsGenuineNotice(timestamp, nonce, signature, body.Span)
            || SandboxJson.Read<SandboxNotice>(body.Span) is not { } notice)
            return null;
        return notice.Result.ToAnswer() is { } answer and not ChannelAnswer.Unknown
            ? new(notice.NoticeId, new(notice.PaymentId), notice.RefundNo, answer)
            : null;
    }

    private static string PathOf(PaymentId payment) => $"/sandbox/v3/payments/{Uri.EscapeDataString(payment.Value)}";

    private static ChannelAnswer Answer(SandboxReply reply) =>
        reply.Result?.ToAnswer() ?? new ChannelAnswer.Unknown(reply.Unclear);

    // Servers hand headers over with and without regard to case.
    private static string? Header(IReadOnlyDictionary<string, string> headers, string name) =>
        headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
