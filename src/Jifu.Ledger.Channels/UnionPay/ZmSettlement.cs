using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>What a row of ZM settles before fees (in fen), what its fees add to that or, negative, take from it, and
/// what UnionPay pays for it with the day.</summary>
/// <remarks>结算金额 is the amount less the fee; of a refund, the amount less the fee given back. The amount is 清算金额,
/// where the file tells it, or 交易金额. It is less by a discount (优惠金额) that the merchant bears; has the additional
/// fee of instalments (分期付款附加手续费) in it, or not; and where fees are settled apart, once a month, it is without the
/// fee. No field tells which: the sum does. Readings are tried in this order, and two of one sort that mean different
/// things are none. 清算净额 is 结算金额 less what a second-level merchant gets (二级商户分账入账金额): that share is told by
/// itself, for it never comes to us.</remarks>
/// <param name="Given">The share, where 清算净额 says so too; otherwise 0, and it is expected of the bank.</param>
internal readonly record struct ZmSettlement(long Amount, long Effect, long Paid, long Given = 0)
{
    private const int Fee = 16, Settled = 17, Share = 32, Net = 33, Discount = 36, Instalment = 38;

    public static ZmSettlement Of(FixedFields row, long amount)
    {
        if (row.Signed(Fee).Fen == 0 && row.Signed(Settled).Fen == 0 && row.Signed(Net).Fen == 0)
            return new(amount, 0, amount);
        var cleared = row.SignedAt(FixedLayout.ClearedOffset, FixedLayout.ClearedWidth)?.Fen;
        var found = (cleared is { } principal && principal != amount ? Read(row, principal) : null)
            ?? Read(row, amount) ?? throw row.Reject(
                BillRejection.BillAmountMalformed, Settled, Equation(row, amount, cleared));
        return found with { Given = ShareOf(row, found.Paid) };
    }

    private static ZmSettlement? Read(FixedFields row, long amount)
    {
        var (fee, settled, net) = (row.Signed(Fee), row.Signed(Settled), row.Signed(Net));
        bool Says(long sum) => settled.Fen == sum || net.Fen == sum;
        var (less, more) = (Says(amount - fee.Fen), Says(amount + fee.Fen));
        if (fee.Fen == 0 ? less : less != more)
            return Deducted(amount, less ? -fee.Fen : fee.Fen);

        // Only from here on letters count: the one of what is settled adds to it, the other takes from it.
        var incoming = Incoming(row);
        long Effect((char Sign, long Fen) part) => part.Sign == incoming ? part.Fen : -part.Fen;
        var (charged, discount, instalment) =
            (Effect(fee), row.Signed(Discount).Fen, Effect(row.Signed(Instalment)));
        var parts = (from off in new[] { 0, discount } from extra in new[] { 0, instalment } select (off, extra))
            .ToList();
        var found = parts.Where(part => Says(amount - part.off + charged + part.extra))
            .Select(part => Deducted(amount - part.off, charged + part.extra)).Distinct().ToList();
        if (found.Count == 0)
            found = [.. parts.Where(part => Says(amount - part.off + part.extra))
                .Select(part => new ZmSettlement(
                    amount - part.off, charged + part.extra, amount - part.off + part.extra)).Distinct()];
        return !(less && more) && found is [{ Amount: >= 0 } only] ? only : null;
    }

    private static ZmSettlement Deducted(long amount, long effect) => new(amount, effect, amount + effect);

    // What it does not add up to may be read in a wrong place.
    private static long ShareOf(FixedFields row, long paid)
    {
        var (share, settled, net) = (row.Signed(Share), row.Signed(Settled), row.Signed(Net));
        if (share.Fen == 0 || net.Sign == ' ')
            return 0;
        var left = paid - share.Fen;
        if (net.Fen != left || left < 0 || (net.Fen != 0 && settled.Fen != 0 && net.Sign != settled.Sign))
            throw row.Reject(
                BillRejection.BillAmountMalformed, Net,
                $"{paid} less the share of {share.Fen} that a second-level merchant gets");
        return share.Fen;
    }

    private static char Incoming(FixedFields row) =>
        row.Signed(Settled) is { Fen: not 0 } settled ? settled.Sign : row.Signed(Net).Sign;

    // What does not hold.
    private static string Equation(FixedFields row, long amount, long? cleared)
    {
        var (fee, discount, extra) = (row.Signed(Fee).Fen, row.Signed(Discount).Fen, row.Signed(Instalment));
        var instalment = extra.Sign == Incoming(row) ? extra.Fen : -extra.Fen;
        return $"{amount}" + (cleared is null || cleared == amount ? "" : $" (or {cleared}, which is cleared),")
            + (discount == 0 ? "" : $" (or {amount - discount}, less the discount of {discount}),")
            + $" less the fee of {fee}, or with it, or without it where fees are settled apart"
            + (instalment == 0 ? "" : $", {(instalment > 0 ? "with" : "less")} the fee of instalments of "
                + $"{Math.Abs(instalment)} or not");
    }
}
