using Dapper;
using Jifu.Ledger.Channels.Sandbox;

namespace Jifu.Ledger.Channels.Simulator.Payouts;

/// <summary>The sandbox's bank: pays out once for each reference, or refuses it for good.</summary>
internal sealed class PayoutDesk(SandboxDatabase database)
{
    private sealed record PayoutRow(
        string Account, long Amount, string Currency, string BankReference, string? Code, DateTime EndedAt)
    {
        public SandboxResult Result => Code is null
            ? new("paid", Reference: BankReference, Amount: Amount, Currency: Currency, At: EndedAt)
            : SandboxResult.Refused(Code, "The account is closed.");
    }

    public async Task<Outcome> Send(SandboxPayoutRequest payout, CancellationToken cancellation)
    {
        if (payout.Amount <= 0 || SandboxResult.CurrencyOf(payout.Currency) is null)
            return Outcome.Refused("amount_invalid", "Only positive amounts of known currencies can be paid out.");
        return await database.Trade(moment => Send(moment, payout), cancellation);
    }

    public Task<Outcome> Query(string reference, CancellationToken cancellation) => database.Trade(
        async moment => await Find(moment, reference) is { } known ? new(known.Result) : Outcome.NotFound,
        cancellation);

    private static async Task<Outcome> Send(SandboxMoment moment, SandboxPayoutRequest payout)
    {
        var behaviour = Behaviours.In(payout.Account);
        var isNew = await moment.Connection.ExecuteAsync(
            """
            INSERT INTO sandbox.payout (reference, account, amount, currency, bank_reference, code, ended_at)
            VALUES (
                @Reference, @Account, @Amount, @Currency,
                'B' || @DayDigits || lpad(nextval('sandbox.reference_no')::text, 12, '0'), @code, @Now)
            ON CONFLICT (reference) DO NOTHING
            """,
            new
            {
                payout.Reference, payout.Account, payout.Amount, payout.Currency,
                code = behaviour == Behaviour.Refuse ? "account_closed" : null,
                moment.DayDigits, moment.Now,
            }) == 1;
        var known = (await Find(moment, payout.Reference))!;
        return known.Amount == payout.Amount && known.Account == payout.Account && known.Currency == payout.Currency
            ? new(known.Result, isNew && behaviour == Behaviour.Silent)
            : Outcome.Refused("reference_reused", $"{payout.Reference} was another payout.");
    }

    private static Task<PayoutRow?> Find(SandboxMoment moment, string reference) =>
        moment.Connection.QuerySingleOrDefaultAsync<PayoutRow>(
            """
            SELECT account, amount, currency, bank_reference AS BankReference, code, ended_at AS EndedAt
            FROM sandbox.payout WHERE reference = @reference
            """,
            new { reference });
}
