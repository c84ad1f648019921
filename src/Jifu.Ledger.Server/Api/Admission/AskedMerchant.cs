using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Whose figures are asked for: a merchant asks for its own, and whoever sees all merchants' names
/// one.</summary>
internal sealed class AskedMerchant(MerchantDesk merchants)
{
    /// <param name="merchantId">As the request names it; null when it does not.</param>
    /// <param name="then">Answers for that merchant.</param>
    public async Task<IResult> Of(
        Caller caller, string? merchantId, Func<MerchantId, Task<IResult>> then, CancellationToken cancellation)
    {
        if ((merchantId ?? caller.Merchant?.Value) is not { } named)
            return new Problem("parameter_invalid", "Say by merchant_id whose are asked for.");
        var merchant = new MerchantId(named);
        return caller.Merchant == merchant
            || (caller.Merchant is null && await merchants.Find(merchant, cancellation) is not null)
            ? await then(merchant)
            : Problem.Of(MerchantRejection.MerchantNotFound, $"Merchant {named}.");
    }
}
