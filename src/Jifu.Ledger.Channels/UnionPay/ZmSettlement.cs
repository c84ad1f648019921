using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>What a row of ZM settles before fees (in fen), and what its fees add to that or, negative, take from it.
/// </summary>
/// <remarks>结算金额 is the amount less the fee; of a refund, the amount less the fee given back. It is less by a
/// discount (优惠金额) that the merchant bears; has the additional fee of instalments (分期付款附加手续费) in it, or not; and
/// where fees are settled apart, once a month, it is without the fee. No field tells which: the sum does. Readings are
/// tried in this order, and two of one sort that mean different things are none.</remarks>
internal readonly record struct ZmSettlement(long Amount, long Effect)
{
    private const int Fee = 16, Settled = 17, Net = 33, Discount = 36, Instalment = 38;

    public static ZmSettlement Of(FixedFields row, long amount)
    {
        var (fee, settled, net) = (row.Signed(Fee), row.Signed(Settled), row.Signed(Net));
        if (fee.Fen == 0 && settled.Fen == 0 && net.Fen == 0)
            return new(amount, 0);

        bool Says(long sum) => settled.Fen == sum || net.Fen == sum;
        var (less, more) = (Says(amount - fee.Fen), Says(amount + fee.Fen));
        if (fee.Fen == 0 ? less : less != more)
            return new(amount, less ? -fee.Fen : fee.Fen);

        // Only from here on letters count: the one of what is settled adds to it, the other takes from it.
        var incoming = settled.Fen != 0 ? settled.Sign : net.Sign;
        long Effect((char Sign, long Fen) part) => part.Sign == incoming ? part.Fen : -part.Fen;
        var (charged, discount, instalment) =
            (Effect(fee), row.Signed(Discount).Fen, Effect(row.Signed(Instalment)));
        var parts = (from off in new[] { 0, discount } from extra in new[] { 0, instalment } select (off, extra))
            .ToList();
        var found = parts.Where(part => Says(amount - part.off + charged + part.extra)).ToList();
        if (found.Count == 0)
            found = [.. parts.Where(part => Says(amount - part.off + part.extra))];
        var meant = found.Select(part => new ZmSettlement(amount - part.off, charged + part.extra)).Distinct().ToList();
        return !(less && more) && meant is [{ Amount: >= 0 } only]
            ? only
            : throw row.Reject(
                BillRejection.BillAmountMalformed, Settled, Equation(amount, fee.Fen, discount, instalment));
    }

    // What does not hold.
    private static string Equation(long amount, long fee, long discount, long instalment) =>
        $"{amount}" + (discount == 0 ? "" : $" (or {amount - discount}, less the discount of {discount}),")
        + $" less the fee of {fee}, or with it, or without it where fees are settled apart"
        + (instalment == 0 ? "" : $", {(instalment > 0 ? "with" : "less")} the fee of instalments of "
            + $"{Math.Abs(instalment)} or not");
}
