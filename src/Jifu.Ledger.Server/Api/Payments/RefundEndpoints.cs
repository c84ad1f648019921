using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Payments;

/// <summary>Refunds (退款) of a payment.</summary>
internal static class RefundEndpoints
{
    public static void MapRefunds(this IEndpointRouteBuilder v1)
    {
        var refunds = v1.MapGroup("/payments/{payment_id}/refunds").WithTags("Refunds 退款");
        refunds.MapPost("", Refund).Admits(Role.Merchant).Idempotent()
            .WithSummary("Refund some or all of a payment 申请退款")
            .WithDescription("Safe to repeat: the same refund_no and amount counts once; another amount under the same "
                + "refund_no is refused. All refunds together never exceed the payment.")
            .Produces<RefundView>(StatusCodes.Status201Created).Produces<RefundView>();
        refunds.MapGet("/{refund_no}", Show).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithSummary("A refund as it stands 查询退款").Produces<RefundView>();
        refunds.MapPost("/{refund_no}/refresh", Refresh).Admits(Role.Merchant, Role.Operator)
            .WithSummary("Ask the channel how it stands 主动查询退款").Produces<RefundView>();
    }

    private static Task<IResult> Refund(
        string payment_id, JsonBody<RefundRequest> body, Caller caller, PaymentDesk payments, RefundDesk desk,
        HttpContext context) =>
        PaymentEndpoints.IfOwn(payment_id, caller, payments, context, async id =>
        {
            var refund = body.Value;
            var outcome = await desk.Refund(
                id, new(refund.RefundNo), refund.Amount.Of(refund.Currency), refund.Reason, refund.NotifyUrl,
                caller.Metadata(context), context.RequestAborted);
            return Answer(outcome, refund.RefundNo);
        });

    private static Task<IResult> Show(
        string payment_id, string refund_no, Caller caller, PaymentDesk payments, HttpContext context) =>
        PaymentEndpoints.IfOwn(payment_id, caller, payments, context, async id =>
            Answer(new(id, await payments.Find(id, context.RequestAborted), null), refund_no));

    private static Task<IResult> Refresh(
        string payment_id, string refund_no, Caller caller, PaymentDesk payments, RefundDesk desk,
        HttpContext context) =>
        PaymentEndpoints.IfOwn(payment_id, caller, payments, context, async id => Answer(
            await desk.Refresh(id, new(refund_no), caller.Metadata(context), context.RequestAborted), refund_no));

    private static IResult Answer(PaymentOutcome outcome, string refundNo)
    {
        if (outcome.Refusal is { } refusal)
            return Problem.Of(refusal);
        if (outcome.Payment is not Payment.Paid paid || !paid.Refunds.TryGetValue(refundNo, out var refund))
            return Problem.Of(PaymentRejection.RefundNotFound, $"Payment {outcome.Id} has no refund {refundNo}.");
        var view = RefundView.Of(outcome.Id, refundNo, refund);
        return outcome.IsNew
            ? Results.Created($"/v1/payments/{outcome.Id}/refunds/{refundNo}", view)
            : Results.Ok(view);
    }
}
