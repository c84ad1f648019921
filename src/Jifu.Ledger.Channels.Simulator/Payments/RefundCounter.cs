using Dapper;
using Jifu.Ledger.Channels.Sandbox;
using Jifu.Ledger.Channels.Simulator.Notices;
using Jifu.Ledger.Fees;

namespace Jifu.Ledger.Channels.Simulator.Payments;

/// <summary>The channel's counter for refunds. A refund is done at once or refused for good.</summary>
internal sealed class RefundCounter(SandboxDatabase database, NoticeQueue notices)
{
    private sealed record RefundRow(
        string RefundNo, string PaymentId, string Reference, long Amount, string? Code, DateTime? RefundedAt)
    {
        public SandboxResult Result => Code is null
            ? new("refunded", Reference: Reference, Amount: Amount, Currency: "CNY", At: RefundedAt)
            : SandboxResult.Refused(Code, "The channel refuses this refund.");
    }

    /// <summary>Refunds. The same refund again is answered with what came of it; another one under its number is
    /// refused.</summary>
    public async Task<Outcome> Refund(SandboxRefundRequest request, CancellationToken cancellation)
    {
        if (request is not { Amount: > 0, Currency: "CNY" })
            return Outcome.Refused("amount_invalid", "Only positive amounts of CNY can be refunded here.");
        var outcome = await database.Trade(moment => Refund(moment, request), cancellation);
        notices.Ring();
        return outcome;
    }

    public Task<Outcome> Query(string refundNo, CancellationToken cancellation) => database.Trade(
        async moment => await Find(moment, refundNo) is { } refund ? new(refund.Result) : Outcome.NotFound,
        cancellation);

    private async Task<Outcome> Refund(SandboxMoment moment, SandboxRefundRequest request)
    {
        // Refunds of one payment take turns here, so that no two of them see the same running totals.
        if (await PaymentRow.FindForUpdate(moment, request.PaymentId) is not { } payment)
            return Outcome.NotFound;
        if (await Find(moment, request.RefundNo) is { } known)
        {
            return known.Amount == request.Amount && known.PaymentId == request.PaymentId
                ? new(known.Result)
                : Outcome.Refused("refund_no_reused", $"{request.RefundNo} was another refund.");
        }

        var behaviour = Behaviours.In(request.Reason);
        var refund = await Insert(moment, payment, request, RefusalOf(payment, request, behaviour));
        if (refund.Code is not null)
            return new(refund.Result);
        if (behaviour is Behaviour.Late or Behaviour.Twice)
        {
            await notices.Add(moment, behaviour, new(
                $"n{refund.Reference}", refund.PaymentId, refund.Result, refund.RefundNo));
        }

        return behaviour == Behaviour.Late
            ? new(new("accepted", Credential: refund.Reference))
            : new(refund.Result, behaviour == Behaviour.Silent);
    }

    private static string? RefusalOf(PaymentRow payment, SandboxRefundRequest request, Behaviour behaviour) =>
        payment switch
        {
            { State: not "paid" } => $"payment_{payment.State}",
            _ when payment.Amount != request.PaymentAmount => "payment_amount_differs",
            _ when request.Amount > payment.Amount - payment.Refunded => "refund_exceeds_payment",
            _ when behaviour == Behaviour.Refuse => "payer_account_closed",
            _ => null,
        };

    private static async Task<RefundRow> Insert(
        SandboxMoment moment, PaymentRow payment, SandboxRefundRequest request, string? code)
    {
        var costReturned = code is null ? CostReturned(payment, request.Amount) : 0;
        if (code is null)
        {
            await moment.Connection.ExecuteAsync(
                """
                UPDATE sandbox.payment
                SET refunded = refunded + @Amount, cost_returned = cost_returned + @costReturned
                WHERE payment_id = @PaymentId
                """,
                new { request.Amount, costReturned, request.PaymentId });
        }

        return await moment.Connection.QuerySingleAsync<RefundRow>(
            """
            INSERT INTO sandbox.refund (
                refund_no, payment_id, reference, amount, cost_returned, code, refunded_at)
            VALUES (
                @RefundNo, @PaymentId, '5030' || @DayDigits || lpad(nextval('sandbox.reference_no')::text, 16, '0'),
                @Amount, @costReturned, @code, @refundedAt)
            RETURNING refund_no AS RefundNo, payment_id AS PaymentId, reference, amount, code,
                refunded_at AS RefundedAt
            """,
            new
            {
                request.RefundNo, request.PaymentId, request.Amount, costReturned, code,
                refundedAt = code is null ? moment.Now : (DateTime?)null,
                moment.DayDigits,
            });
    }

    // The books' own rule, so that the bill's fees agree with them to the fen.
    private static long CostReturned(PaymentRow payment, long amount) => Proportion.RoundedReturn(
        Yuan(payment.Cost), Yuan(payment.CostReturned), Yuan(payment.Amount), Yuan(payment.Refunded + amount))
        .MinorUnits;

    private static Money Yuan(long fen) => new(fen, Currency.CNY);

    private static Task<RefundRow?> Find(SandboxMoment moment, string refundNo) =>
        moment.Connection.QuerySingleOrDefaultAsync<RefundRow>(
            """
            SELECT refund_no AS RefundNo, payment_id AS PaymentId, reference, amount, code, refunded_at AS RefundedAt
            FROM sandbox.refund WHERE refund_no = @refundNo
            """,
            new { refundNo });
}
