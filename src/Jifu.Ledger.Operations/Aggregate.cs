using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations;

/// <summary>The pure parts of one kind of stream: where it starts, what may happen, what comes of it.</summary>
public sealed record Aggregate<TState, TCommand, TEvent, TRejection>(
    string Category, TState Initial, Func<TState, TCommand, Decision<TEvent, TRejection>> Decide,
    Func<TState, TEvent, TState> Evolve)
    where TState : class where TEvent : class where TRejection : struct, Enum
{
    public StreamName StreamOf(string id) => new(Category, id);
}

/// <summary>The kinds of stream whose commands this room carries.</summary>
public static class Aggregates
{
    public static readonly Aggregate<Payment, PaymentCommand, PaymentEvent, PaymentRejection> Payments =
        new("payment", Payment.Initial, PaymentRules.Decide, PaymentHistory.Evolve);

    public static readonly Aggregate<Merchant, MerchantCommand, MerchantEvent, MerchantRejection> Merchants =
        new("merchant", Merchant.Initial, Merchant.Decide, Merchant.Evolve);

    public static readonly Aggregate<ClearingBatch, ClearingCommand, ClearingEvent, ClearingRejection> Clearing =
        new("clearing", ClearingBatch.Initial, ClearingBatch.Decide, ClearingBatch.Evolve);

    public static readonly Aggregate<SettlementOrder, SettlementCommand, SettlementEvent, SettlementRejection>
        Settlements = new("settlement", SettlementOrder.Initial, SettlementOrder.Decide, SettlementOrder.Evolve);

    public static readonly Aggregate<MerchantFunds, FundsCommand, FundsEvent, FundsRejection> Funds =
        new("funds", MerchantFunds.Initial, MerchantFunds.Decide, MerchantFunds.Evolve);

    public static readonly Aggregate<Difference, DifferenceCommand, DifferenceEvent, DifferenceRejection> Differences =
        new("difference", Difference.Initial, DifferenceRules.Decide, DifferenceHistory.Evolve);

    public static readonly Aggregate<
        MatchingRule, MatchingRuleCommand, MatchingRuleEvent, MatchingRuleRejection> MatchingRules =
        new("matchingrule", MatchingRule.Initial, MatchingRule.Decide, MatchingRule.Evolve);
}
