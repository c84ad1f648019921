using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>Keeps <c>clearing_entry</c>, <c>clearing_waiting</c>, <c>clearing_take</c>, <c>clearing_batch</c> and
/// <c>clearing_position</c>: what waits to be cleared, and what was.</summary>
/// <remarks>
/// A batch takes, when its opening is projected, every item that no batch took before. The order of the log decides,
/// so the same log always puts the same items into the same batch, whoever runs it and however often. A batch for
/// everybody takes ranges of positions, which costs the same whatever stands in them.
/// </remarks>
public sealed class ClearingProjection : IProjection
{
    public string Name => "clearing";

    public IReadOnlyList<string> Tables =>
        ["clearing_entry", "clearing_waiting", "clearing_take", "clearing_batch", "clearing_position"];

    public IReadOnlyList<string> SearchedBy =>
        ["clearing_entry_open", "clearing_waiting_pkey", "clearing_batch_pkey"];

    public IReadOnlyList<Type> LooksAt =>
        [
            typeof(PaymentEvent.Succeeded), typeof(PaymentEvent.SplitMade), typeof(PaymentEvent.Cancelled),
            typeof(PaymentEvent.RefundRequested), typeof(PaymentEvent.RefundSucceeded),
            typeof(PaymentEvent.RefundFailed), typeof(ClearingEvent),
        ];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var statements = new List<Statement>();
        var items = new List<ClearingItem>();
        var cleared = new List<ClearingEvent.MerchantCleared>();
        foreach (var recorded in page)
        {
            items.AddRange(ClearingItem.Of(recorded));
            switch (recorded.Event)
            {
                case ClearingEvent.MerchantCleared e:
                    cleared.Add(e);
                    break;
                case ClearingEvent.Opened e:
                    // What came before the opening is the batch's; what comes after is not.
                    statements.AddRange(ClearingSql.Insert(items));
                    items.Clear();
                    statements.AddRange(ClearingSql.Open(recorded, e));
                    break;
                case ClearingEvent.Closed e:
                    statements.Add(ClearingSql.Close(recorded.Stream.Id, e));
                    break;
            }
        }

        statements.AddRange(ClearingSql.Insert(items));
        if (cleared.Count > 0)
            statements.Add(ClearingSql.Positions(cleared));
        return statements;
    }
}
