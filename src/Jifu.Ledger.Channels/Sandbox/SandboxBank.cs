using Jifu.Ledger.Channels.Payouts;

namespace Jifu.Ledger.Channels.Sandbox;

/// <summary>The sandbox's bank, which pays merchants out with money that does not exist.</summary>
public sealed class SandboxBank(SandboxConnection connection) : IPayoutBank
{
    private const string Path = "/sandbox/bank/payouts";

    public async Task<PayoutAnswer> Send(Payout payout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(payout);
        return Answer(await connection.Post(Path, new SandboxPayoutRequest(
            payout.Reference, payout.Account, payout.Amount.MinorUnits, $"{payout.Amount.Currency}"), cancellation));
    }

    public async Task<PayoutAnswer> Query(string reference, CancellationToken cancellation) =>
        Answer(await connection.Get($"{Path}?reference={Uri.EscapeDataString(reference)}", cancellation));

    private static PayoutAnswer Answer(SandboxReply reply) =>
        reply.Result?.ToPayoutAnswer() ?? new PayoutAnswer.Unknown(reply.Unclear);
}
