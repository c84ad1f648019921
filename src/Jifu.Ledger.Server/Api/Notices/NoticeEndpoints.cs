using Jifu.Ledger.Operations.Notices;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Notices;

/// <summary>A notice that we owe a merchant, with every attempt to deliver it.</summary>
/// <param name="Status">waiting, delivered, given_up or blocked.</param>
internal sealed record NoticeView(
    string Id, string Url, string Type, string PaymentId, string? RefundNo, string Status, DateTimeOffset CreatedAt,
    DateTimeOffset? NextTryAt, IReadOnlyList<NoticeAttempt> Attempts)
{
    public static NoticeView Of(NoticeRow row) => new(
        row.Id, row.Url, row.Type, row.Payment.Value, row.Refund?.Value, SnakeCase.Of($"{row.Status}"),
        PaymentView.InShanghai(row.CreatedAt)!.Value, PaymentView.InShanghai(row.NextTryAt), row.Attempts);
}

/// <summary>Notices to merchants (商户通知).</summary>
internal static class NoticeEndpoints
{
    public static void MapNotices(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/payments/{payment_id}/notices", OfPayment).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithTags("Notices 通知").WithSummary("Notices of a payment and its refunds 通知记录")
            .Produces<IReadOnlyList<NoticeView>>();
        v1.MapPost("/notices/{notice_id}/resend", Resend).Admits(Role.Merchant, Role.Operator)
            .WithTags("Notices 通知").WithSummary("Send a notice again 补发通知").Produces<NoticeView>();
    }

    private static Task<IResult> OfPayment(
        string payment_id, Caller caller, PaymentDesk payments, NoticeDesk notices, HttpContext context) =>
        PaymentEndpoints.IfOwn(payment_id, caller, payments, context, async id => Results.Ok(
            (await notices.OfPayment(id, context.RequestAborted)).Select(NoticeView.Of).ToList()));

    private static async Task<IResult> Resend(
        string notice_id, Caller caller, NoticeDesk notices, CancellationToken cancellation)
    {
        if (await notices.Find(notice_id, cancellation) is not { } row || !caller.Sees(row.Merchant))
            return new Problem("notice_not_found", $"Notice {notice_id}.");
        await notices.Resend(notice_id, TimeProvider.System.GetUtcNow(), cancellation);
        return Results.Ok(NoticeView.Of((await notices.Find(notice_id, cancellation))!));
    }
}
