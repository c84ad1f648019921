using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>One read model, or a few that belong together: a pure function from a page of events to changes of
/// tables.</summary>
public interface IProjection
{
    /// <summary>Its stable name: its checkpoint's key, and what <c>jifu projections rebuild</c> takes.</summary>
    string Name { get; }

    /// <summary>The tables that it alone writes.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>The indexes that its own statements search by. A rebuild makes all others when the rows are
    /// there.</summary>
    IReadOnlyList<string> SearchedBy { get; }

    /// <summary>The events that it looks at: whole hierarchies, or cases of one. Of anything else its fold makes
    /// nothing.</summary>
    /// <remarks>Asked only of an event whose payload does not read: it parks those who look at events of its type, and
    /// the others go on. What is missing here would be passed over, so name a hierarchy where its cases may come to
    /// matter; the default is every event.</remarks>
    IReadOnlyList<Type> LooksAt => [typeof(object)];

    /// <summary>Folds a page, in the order of the log, into one change per row.</summary>
    /// <exception cref="InvalidDataException">An event cannot be applied: the projection stops there, and never skips
    /// it.</exception>
    IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page);
}

/// <summary>All projections of the ledger.</summary>
public static class Projections
{
    public static readonly IReadOnlyList<IProjection> All =
    [
        new Payments.PaymentProjection(),
        new Journal.JournalProjection(),
        new Channels.ChannelLineProjection(),
        new Clearing.ClearingProjection(),
        new Settlements.SettlementProjection(),
        new Reconciliation.ReconciliationProjection(),
        new Reconciliation.ImportProjection(),
        new Reconciliation.Differences.DifferenceProjection(),
        new Reconciliation.Rules.MatchingRuleProjection(),
        new Statements.StatementProjection(),
        new Statements.BankEntryProjection(),
        new Merchants.MerchantProjection(),
        new Funds.FundsProjection(),
    ];
}
