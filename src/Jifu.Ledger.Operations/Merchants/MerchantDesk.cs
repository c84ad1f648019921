using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;

namespace Jifu.Ledger.Operations.Merchants;

/// <summary>Carries commands to merchants and tells their terms.</summary>
public sealed class MerchantDesk(CommandDesk desk)
{
    public Task<Handled<Merchant, MerchantEvent, MerchantRejection>> Handle(
        MerchantId merchant, MerchantCommand command, EventMetadata metadata, CancellationToken cancellation) =>
        desk.Handle(Aggregates.Merchants, merchant.Value, command, metadata, cancellation);

    /// <summary>The merchant's terms as the log has them; null when there is no such merchant.</summary>
    public async Task<Merchant.Active?> Find(MerchantId merchant, CancellationToken cancellation) =>
        await desk.Load(Aggregates.Merchants, merchant.Value, cancellation) as Merchant.Active;
}
