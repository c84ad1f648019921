using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Payments;

/// <summary>Payments (支付): made, looked up, closed, cancelled, split.</summary>
internal static class PaymentEndpoints
{
    public static void MapPayments(this IEndpointRouteBuilder v1)
    {
        var payments = v1.MapGroup("/payments").WithTags("Payments 支付");
        payments.MapPost("", Create).Admits(Role.Merchant).Idempotent()
            .WithSummary("Make a payment 下单")
            .WithDescription("Safe to repeat: the same order answers what came of it, another order under the same "
                + "merchant_order_no is refused. A lost channel answer is the status unknown, not an error.")
            .Produces<PaymentView>(StatusCodes.Status201Created).Produces<PaymentView>();
        payments.MapGet("", List).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithSummary("List payments, newest first 订单列表")
            .WithDescription("A merchant's own; operators and auditors say by merchant_id whose.")
            .Produces<Page<PaymentLine>>();
        payments.MapGet("/by-order-no/{merchant_order_no}", ShowByOrderNo)
            .Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithSummary("A payment by the merchant's order number 按商户订单号查询")
            .WithDescription("Operators and auditors say by merchant_id whose order number it is.")
            .Produces<PaymentView>();
        payments.MapGet("/{payment_id}", Show).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithSummary("A payment as it stands 查询支付").Produces<PaymentView>();
        payments.MapGet("/{payment_id}/timeline", Timeline).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithSummary("Everything that happened to a payment 支付时间线").Produces<IReadOnlyList<TimelineView>>();
        payments.MapPost("/{payment_id}/refresh", Refresh).Admits(Role.Merchant, Role.Operator)
            .WithSummary("Ask the channel how it stands 主动查单").Produces<PaymentView>();
        payments.MapPost("/{payment_id}/close", Close).Admits(Role.Merchant).Idempotent()
            .WithSummary("Close it unpaid 关单").Produces<PaymentView>();
        payments.MapPost("/{payment_id}/cancel", Cancel).Admits(Role.Merchant).Idempotent()
            .WithSummary("Undo it on its own day 撤销").Produces<PaymentView>();
        payments.MapPost("/{payment_id}/splits", Split).Admits(Role.Merchant).Idempotent()
            .WithSummary("Give shares to receivers 分账").Produces<PaymentView>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> Create(
        JsonBody<PaymentRequest> body, Caller caller, PaymentDesk desk, HttpContext context) =>
        Answer(
            await desk.Create(body.Value.Of(caller.Self), caller.Metadata(context), context.RequestAborted),
            made: true);

    private static async Task<IResult> List(
        string? merchant_id, string? status, string? from, string? to, int? limit, string? cursor, Caller caller,
        AskedMerchant asked, PaymentQueries queries, Cursors cursors, CancellationToken cancellation)
    {
        BusinessDay? first = null, last = null;
        if ((from is not null && !DayIn(from, out first)) || (to is not null && !DayIn(to, out last)))
            return new Problem("parameter_invalid", "from and to are days written yyyy-MM-dd.");
        return await asked.Of(
            caller, merchant_id,
            merchant => cursors.Page(
                limit, cursor, $"payments {merchant} {status} {from} {to}", long.MaxValue,
                (before, count) => queries.List(new(merchant, status, first, last, before), count, cancellation),
                row => row.CreatedPosition, PaymentLine.Of),
            cancellation);
    }

    private static Task<IResult> ShowByOrderNo(
        string merchant_order_no, string? merchant_id, Caller caller, AskedMerchant asked, PaymentDesk desk,
        CancellationToken cancellation) => asked.Of(
        caller, merchant_id,
        merchant => Show(PaymentId.Of(merchant, merchant_order_no).Value, caller, desk, cancellation), cancellation);

    private static async Task<IResult> Show(
        string payment_id, Caller caller, PaymentDesk desk, CancellationToken cancellation)
    {
        var payment = await desk.Find(new(payment_id), cancellation);
        return payment.Order is { } order && caller.Sees(order.Merchant)
            ? Results.Ok(PaymentView.Of(new(payment_id), payment))
            : NotFound(payment_id);
    }

    private static async Task<IResult> Timeline(
        string payment_id, Caller caller, PaymentDesk desk, PaymentTimeline timeline, CancellationToken cancellation) =>
        (await desk.Find(new(payment_id), cancellation)).Order is { } order && caller.Sees(order.Merchant)
            ? Results.Ok((await timeline.Of(new(payment_id), cancellation)).Select(TimelineView.Of).ToList())
            : NotFound(payment_id);

    private static Task<IResult> Refresh(string payment_id, Caller caller, PaymentDesk desk, HttpContext context) =>
        IfOwn(payment_id, caller, desk, context, async id => Answer(
            await desk.Refresh(id, caller.Metadata(context), context.RequestAborted)));

    private static Task<IResult> Close(string payment_id, Caller caller, PaymentDesk desk, HttpContext context) =>
        IfOwn(payment_id, caller, desk, context, async id => Answer(
            await desk.Close(id, caller.Metadata(context), context.RequestAborted)));

    private static Task<IResult> Cancel(
        string payment_id, JsonBody<CancelRequest> body, Caller caller, PaymentDesk desk, HttpContext context) =>
        IfOwn(payment_id, caller, desk, context, async id => Answer(
            await desk.Cancel(id, body.Value.Reason, caller.Metadata(context), context.RequestAborted)));

    private static Task<IResult> Split(
        string payment_id, JsonBody<SplitRequest> body, Caller caller, PaymentDesk desk, HttpContext context) =>
        IfOwn(payment_id, caller, desk, context, async id => Answer(
            await desk.MakeSplit(
                id, new(body.Value.SplitNo), body.Value.Shares.Select(share => share.Rule).ToValueList(),
                caller.Metadata(context), context.RequestAborted),
            made: true));

    // Another merchant's payment is as unknown as none.
    public static async Task<IResult> IfOwn(
        string paymentId, Caller caller, PaymentDesk desk, HttpContext context, Func<PaymentId, Task<IResult>> then)
    {
        var id = new PaymentId(paymentId);
        return (await desk.Find(id, context.RequestAborted)).Order is { } order && caller.Sees(order.Merchant)
            ? await then(id)
            : NotFound(paymentId);
    }

    private static Problem NotFound(string paymentId) =>
        Problem.Of(PaymentRejection.PaymentNotFound, $"Payment {paymentId}.");

    private static IResult Answer(PaymentOutcome outcome, bool made = false)
    {
        if (outcome.Refusal is { } refusal)
            return Problem.Of(refusal);
        var view = PaymentView.Of(outcome.Id, outcome.Payment);
        return made && outcome.IsNew
            ? Results.Created($"/v1/payments/{outcome.Id}", view)
            : Results.Ok(view);
    }

    private static bool DayIn(string text, out BusinessDay? day)
    {
        var valid = BusinessDay.TryParse(text, out var read);
        day = valid ? read : null;
        return valid;
    }
}
