using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Notices;

/// <summary>Where channels tell us what happened (异步通知). Not under /v1: a channel signs in its own way.</summary>
/// <remarks>Acknowledged only once what it says is recorded, be it news, a repeat or a contradiction.</remarks>
internal static class ChannelNoticeEndpoints
{
    public static void MapChannelNotices(this IEndpointRouteBuilder app) =>
        app.MapPost("/channels/{channel}/notices", Take).ExcludeFromDescription();

    private static async Task<IResult> Take(
        string channel, ChannelDirectory channels, PaymentDesk payments, RefundDesk refunds, HttpContext context)
    {
        if (!ChannelNames.TryParse(channel, out var name) || channels.Find(name) is not { } connected)
            return new Problem("not_found", $"No channel {channel}.");
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (connected.Channel.ReadNotice(headers, await RawBody.Of(context)) is not { } notice)
            return new Problem("channel_notice_refused", "The notice is not genuine, or too old.");

        var metadata = new EventMetadata($"channel:{channel}", Problem.TraceIdOf(context), notice.NoticeId);
        var outcome = await Record(notice, payments, refunds, metadata, context.RequestAborted);
        return outcome?.Refusal is { } refusal ? Problem.Of(refusal) : Results.NoContent();
    }

    private static async Task<PaymentOutcome?> Record(
        ChannelNotice notice, PaymentDesk payments, RefundDesk refunds, EventMetadata metadata,
        CancellationToken cancellation)
    {
        if (notice.RefundNo is not { } refundNo)
            return await payments.Record(notice.Payment, notice.Answer, metadata, cancellation);
        return ChannelNumbers.ReadRefundNo(refundNo) is { } known && known.Payment == notice.Payment
            ? await refunds.Record(known.Payment, known.Refund, notice.Answer, metadata, cancellation)
            : new(
                notice.Payment, Payment.Initial,
                Refusal.Of(PaymentRejection.RefundNotFound, $"We never gave the number {refundNo}."));
    }
}
