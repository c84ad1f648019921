using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;

namespace Jifu.Ledger.ReadModels.Merchants;

/// <summary>Keeps <c>merchant</c>: who there is, and when each is settled; and <c>merchant_number</c>: under which
/// numbers channels know them. Full terms are in the merchant's own stream.</summary>
public sealed class MerchantProjection : IProjection
{
    public string Name => "merchants";

    public IReadOnlyList<string> Tables => ["merchant", "merchant_number"];

    public IReadOnlyList<string> SearchedBy => ["merchant_pkey", "merchant_number_pkey"];

    public IReadOnlyList<Type> LooksAt => [typeof(MerchantEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) =>
        [.. page.Where(recorded => recorded.Event is MerchantEvent).Select(StatementOf).OfType<Statement>()];

    private static Statement? StatementOf(Recorded<object> r) => (MerchantEvent)r.Event switch
    {
        MerchantEvent.Registered e => new(
            """
            INSERT INTO merchant (merchant_id, name, payout_account, settlement_term, registered_at, position)
            VALUES (@id, @name, @account, 'T1', @at, @position)
            """,
            1,
            ("id", r.Stream.Id), ("name", e.Name), ("account", e.PayoutAccount), ("at", e.At.ToUniversalTime()),
            ("position", r.Position)),
        MerchantEvent.SettlementTermSet e => new(
            "UPDATE merchant SET settlement_term = @term WHERE merchant_id = @id",
            1, ("id", r.Stream.Id), ("term", $"{e.Term}")),
        MerchantEvent.ChannelNumbersSet e => new(
            """
            INSERT INTO merchant_number (channel, merchant_id, numbers) VALUES (@channel, @id, @numbers)
            ON CONFLICT (channel, merchant_id) DO UPDATE SET numbers = @numbers
            """,
            1, ("channel", e.Channel.Name()), ("id", r.Stream.Id), ("numbers", string.Join(' ', e.Numbers))),
        MerchantEvent.FeePlanSet or MerchantEvent.SplitRulesSet or MerchantEvent.RiskLimitsSet or MerchantEvent.KeyAdded
            or MerchantEvent.KeyRevoked => null,
        _ => throw new InvalidDataException($"The list of merchants has no row for {r.Event}."),
    };
}
