using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Funds;

/// <summary>Keeps <c>hold</c>: what is put aside by name. What each merchant may give away stands with its
/// balances.</summary>
public sealed class FundsProjection : IProjection
{
    public string Name => "funds";

    public IReadOnlyList<string> Tables => ["hold"];

    public IReadOnlyList<string> SearchedBy => ["hold_pkey"];

    public IReadOnlyList<Type> LooksAt =>
        [
            typeof(FundsEvent), typeof(DifferenceEvent), typeof(SettlementEvent), typeof(PaymentEvent.RefundRequested),
            typeof(PaymentEvent.SplitMade), typeof(PaymentEvent.CancelRequested),
        ];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var opened = new SortedDictionary<(string Merchant, string Hold), Recorded<object>>();
        var ended = new SortedSet<(string Merchant, string Hold)>();
        foreach (var recorded in page)
        {
            if (recorded.Event is FundsEvent.Held held)
                opened[(held.Merchant.Value, held.Hold.Value)] = recorded;
            else
                ended.UnionWith(EndsOf(recorded).Where(end => !opened.Remove(end)));
        }

        return [.. Ended([.. ended]), .. Opened([.. opened])];
    }

    private static IEnumerable<(string Merchant, string Hold)> EndsOf(Recorded<object> r) => r.Event switch
    {
        DifferenceEvent.Undone { Hold: { } hold } e => EndsOf(hold, e.Shares),
        DifferenceEvent.Reopened { Hold: { } hold } e => EndsOf(hold, e.Shares),
        _ => EndOf(r) is { } end ? [end] : [],
    };

    private static IEnumerable<(string Merchant, string Hold)> EndsOf(HoldId hold, ValueList<SuspenseShare> shares) =>
        shares.Where(share => share.To.Kind is AccountKind.MerchantAvailable && share.Amount.MinorUnits < 0)
            .Select(share => (share.To.Owner, hold.Value));

    private static (string Merchant, string Hold)? EndOf(Recorded<object> r) => r.Event switch
    {
        FundsEvent.Released e => (e.Merchant.Value, e.Hold.Value),
        PaymentEvent.RefundRequested { Held.IsPositive: true } e =>
            (e.Merchant.Value, HoldId.Of(new PaymentId(r.Stream.Id), e.Refund).Value),
        PaymentEvent.SplitMade { Held.IsPositive: true } e =>
            (e.Merchant.Value, HoldId.Of(new PaymentId(r.Stream.Id), e.Split).Value),
        PaymentEvent.CancelRequested { Merchant: { } merchant, No: { } no, Held.IsPositive: true } =>
            (merchant.Value, HoldId.Of(new PaymentId(r.Stream.Id), no).Value),
        SettlementEvent.PayoutSent { Held.IsPositive: true } e =>
            (e.Merchant.Value, HoldId.OfPayout(e.Reference).Value),
        _ => null,
    };

    private static IEnumerable<Statement> Opened(
        List<KeyValuePair<(string Merchant, string Hold), Recorded<object>>> opened)
    {
        if (opened.Count == 0)
            yield break;
        var events = opened.ConvertAll(hold => (FundsEvent.Held)hold.Value.Event);
        yield return new(
            """
            INSERT INTO hold (merchant_id, hold_id, currency, amount_minor, held_at, position)
            SELECT * FROM unnest(@merchant, @hold, @currency, @amount, @at, @position)
            """,
            opened.Count,
            Column.Of("merchant", opened, hold => hold.Key.Merchant),
            Column.Of("hold", opened, hold => hold.Key.Hold),
            Column.Of("currency", events, e => Column.Name(e.Amount.Currency)),
            Column.Of("amount", events, e => e.Amount.MinorUnits),
            Column.Of("at", events, e => e.At.ToUniversalTime()),
            Column.Of("position", opened, hold => hold.Value.Position));
    }

    private static IEnumerable<Statement> Ended(List<(string Merchant, string Hold)> ended)
    {
        if (ended.Count == 0)
            yield break;
        yield return new(
            """
            DELETE FROM hold AS h USING unnest(@merchant, @hold) AS e (merchant_id, hold_id)
            WHERE h.merchant_id = e.merchant_id AND h.hold_id = e.hold_id
            """,
            ended.Count,
            Column.Of("merchant", ended, hold => hold.Merchant),
            Column.Of("hold", ended, hold => hold.Hold));
    }
}
