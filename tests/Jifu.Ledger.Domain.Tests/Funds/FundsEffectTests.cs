using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Funds;

using static Given;

/// <summary>What an event does to a merchant's funds is what it posts, and what is put aside.</summary>
public class FundsEffectTests
{
    // A hold takes before what it is for posts; a refund that was held for counts what it will bring back.
    private static readonly Type[] WithHolds =
    [
        typeof(FundsEvent.Held), typeof(FundsEvent.Released), typeof(PaymentEvent.SplitMade),
        typeof(PaymentEvent.RefundRequested), typeof(PaymentEvent.RefundSucceeded), typeof(PaymentEvent.RefundFailed),
        typeof(PaymentEvent.CancelRequested), typeof(PaymentEvent.Cancelled), typeof(PaymentEvent.CancelRefused),
        typeof(SettlementEvent.PayoutSent),
    ];

    [Fact]
    public void Without_holds_it_is_what_the_event_posts_on_pending_and_available()
    {
        foreach (var example in EventExamples.All.Select(WithoutHold))
        {
            if (example is FundsEvent.Held or FundsEvent.Released)
                continue;
            var posted = (PostingRules.EntryFor(example)?.Lines ?? [])
                .Where(line => line.Account.Kind is AccountKind.MerchantPending or AccountKind.MerchantAvailable)
                .GroupBy(line => line.Account.Owner)
                .Select(lines => (
                    lines.Key, -lines.Sum(line => line.Amount.MinorUnits),
                    -lines.Where(line => line.Account.Kind == AccountKind.MerchantAvailable)
                        .Sum(line => line.Amount.MinorUnits)));
            FundsEffect.Of(example)
                .Select(e => (e.Merchant.Value, e.Facts.Free.MinorUnits, e.Facts.Available.MinorUnits))
                .ShouldBe(posted, ignoreOrder: true, $"{example}");
        }
    }

    [Fact]
    public void With_holds_only_the_funds_own_events_take_anything()
    {
        foreach (var example in EventExamples.All.Where(e => e is not FundsEvent))
        {
            foreach (var effect in FundsEffect.Of(example))
            {
                effect.Facts.Free.MinorUnits.ShouldBeGreaterThanOrEqualTo(0, $"{example}");
                effect.Facts.Available.MinorUnits.ShouldBeGreaterThanOrEqualTo(0, $"{example}");
            }
        }
    }

    [Fact]
    public void A_refund_leaves_the_same_whether_it_was_held_for_or_not_in_the_end()
    {
        var hold = HoldId.Of(new PaymentId("p0a1"), new RefundId("R-1"));
        foreach (var ends in new[] { typeof(PaymentEvent.RefundSucceeded), typeof(PaymentEvent.RefundFailed) })
            LeavesTheSame(hold, 44_71, typeof(PaymentEvent.RefundRequested), ends);
    }

    [Fact]
    public void A_cancellation_leaves_the_same_whether_it_was_held_for_or_not_in_the_end()
    {
        var hold = HoldId.Of(new PaymentId("p0a1"), 1);
        foreach (var ends in new[] { typeof(PaymentEvent.Cancelled), typeof(PaymentEvent.CancelRefused) })
            LeavesTheSame(hold, 94_41, typeof(PaymentEvent.CancelRequested), ends);
    }

    [Fact]
    public void Each_event_that_may_be_held_for_is_tried_without() =>
        EventExamples.All.Where(e => !Equals(e, WithoutHold(e))).Select(e => e.GetType())
            .Concat([typeof(FundsEvent.Held), typeof(FundsEvent.Released)])
            .ShouldBe(WithHolds, ignoreOrder: true);

    private static void LeavesTheSame(HoldId hold, long fen, params Type[] types)
    {
        var life = EventExamples.All.Where(e => types.Contains(e.GetType())).ToList();
        var held = life.Prepend(new FundsEvent.Held(hold, TeaHouse, Cny(fen), Noon));
        Sum(held).ShouldBe(Sum(life.Select(WithoutHold)), $"{types[^1]}");
    }

    private static long Sum(IEnumerable<object> events) =>
        events.SelectMany(FundsEffect.Of).Sum(effect => effect.Facts.Free.MinorUnits);

    private static object WithoutHold(object @event) => @event switch
    {
        PaymentEvent.SplitMade e => e with { Held = null },
        PaymentEvent.RefundRequested e => e with { Held = null },
        PaymentEvent.RefundSucceeded e => e with { Held = null },
        PaymentEvent.RefundFailed e => e with { Held = null },
        PaymentEvent.CancelRequested e => e with { Held = null },
        PaymentEvent.Cancelled e => e with { Held = null },
        PaymentEvent.CancelRefused e => e with { Held = null },
        SettlementEvent.PayoutSent e => e with { Held = null },
        _ => @event,
    };
}
