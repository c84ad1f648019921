using System.Runtime.InteropServices;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Funds;

/// <summary>Keeps <c>funds</c> and <c>hold</c>: what each merchant may give away, and what is put aside.</summary>
public sealed class FundsProjection : IProjection
{
    public string Name => "funds";

    public IReadOnlyList<string> Tables => ["funds", "hold"];

    public IReadOnlyList<string> SearchedBy => ["funds_pkey", "hold_pkey"];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var sums = new Dictionary<(string Merchant, Currency Currency), Change>();
        var opened = new SortedDictionary<(string Merchant, string Hold), Recorded<object>>();
        var ended = new SortedSet<(string Merchant, string Hold)>();
        foreach (var recorded in page)
        {
            var effects = FundsEffect.Of(recorded.Event);
            for (var i = 0; i < effects.Count; i++)
            {
                var (merchant, facts) = effects[i];
                var success = recorded.Event is PaymentEvent.Succeeded ? recorded.Position : -1;
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    sums, (merchant.Value, facts.Free.Currency), out var known);
                sum = known ? sum.Plus(facts, success) : new(facts, success);
            }

            if (recorded.Event is FundsEvent.Held held)
                opened[(held.Merchant.Value, held.Hold.Value)] = recorded;
            else if (EndOf(recorded) is { } end && !opened.Remove(end))
                ended.Add(end);
        }

        // Always in one order, so that two who write at once never wait for each other in a circle.
        var added = sums.ToList();
        added.Sort((a, b) => string.CompareOrdinal(a.Key.Merchant, b.Key.Merchant) is not 0 and var order
            ? order
            : a.Key.Currency.CompareTo(b.Key.Currency));
        return [.. Added(added), .. Ended([.. ended]), .. Opened([.. opened])];
    }

    private static (string Merchant, string Hold)? EndOf(Recorded<object> r) => r.Event switch
    {
        FundsEvent.Released e => (e.Merchant.Value, e.Hold.Value),
        PaymentEvent.RefundRequested { Held.IsPositive: true } e =>
            (e.Merchant.Value, HoldId.Of(new PaymentId(r.Stream.Id), e.Refund).Value),
        PaymentEvent.SplitMade { Held.IsPositive: true } e =>
            (e.Merchant.Value, HoldId.Of(new PaymentId(r.Stream.Id), e.Split).Value),
        SettlementEvent.PayoutSent { Held.IsPositive: true } e =>
            (e.Merchant.Value, HoldId.OfPayout(e.Reference).Value),
        _ => null,
    };

    private static IEnumerable<Statement> Added(
        List<KeyValuePair<(string Merchant, Currency Currency), Change>> sums)
    {
        if (sums.Count == 0)
            yield break;
        (string, object)[] columns =
        [
            Column.Of("merchant_id", sums, s => s.Key.Merchant),
            Column.Of("currency", sums, s => Column.Name(s.Key.Currency)),
            Column.Of("free_minor", sums, s => s.Value.Facts.Free.MinorUnits),
            Column.Of("available_minor", sums, s => s.Value.Facts.Available.MinorUnits),
            Column.Of("out_minor", sums, s => s.Value.Facts.Out.MinorUnits),
            Column.Of("out_of_available_minor", sums, s => s.Value.Facts.OutOfAvailable.MinorUnits),
            Column.Of("success_position", sums, s => s.Value.SuccessPosition),
        ];
        yield return new(
            """
            UPDATE funds f SET
                free_minor = f.free_minor + s.free_minor, available_minor = f.available_minor + s.available_minor,
                out_minor = f.out_minor + s.out_minor,
                out_of_available_minor = f.out_of_available_minor + s.out_of_available_minor,
                success_position = greatest(f.success_position, s.success_position)
            FROM unnest(@merchant_id, @currency, @free_minor, @available_minor, @out_minor, @out_of_available_minor,
                @success_position) AS s (merchant_id, currency, free_minor, available_minor, out_minor,
                    out_of_available_minor, success_position)
            WHERE f.merchant_id = s.merchant_id AND f.currency = s.currency
            """,
            sums.Count, columns) { Missing = Statement.InsertMissing("funds", sums.Count, columns) };
    }

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

    private readonly record struct Change(FundsFacts Facts, long SuccessPosition)
    {
        public Change Plus(FundsFacts more, long success) => new(
            new(
                Facts.Free + more.Free, Facts.Available + more.Available, Facts.Out + more.Out,
                Facts.OutOfAvailable + more.OutOfAvailable),
            Math.Max(SuccessPosition, success));
    }
}
