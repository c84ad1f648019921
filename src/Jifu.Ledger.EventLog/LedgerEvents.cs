using Jifu.Ledger.Clearing;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Upkeep;

namespace Jifu.Ledger.EventLog;

/// <summary>Every hierarchy of events that this ledger stores, and the codec that knows them all.</summary>
public static class LedgerEvents
{
    public static readonly EventCodec Codec = new(
        ("payment", typeof(PaymentEvent)),
        ("merchant", typeof(MerchantEvent)),
        ("risklist", typeof(RiskListEvent)),
        ("clearing", typeof(ClearingEvent)),
        ("settlement", typeof(SettlementEvent)),
        ("funds", typeof(FundsEvent)),
        ("reconciliation", typeof(ReconciliationEvent)),
        ("advance", typeof(AdvanceEvent)),
        ("difference", typeof(DifferenceEvent)),
        ("matchingrule", typeof(MatchingRuleEvent)),
        ("statement", typeof(StatementEvent)),
        ("projection", typeof(ProjectionEvent)),
        ("staffkey", typeof(StaffKeyEvent)));
}
