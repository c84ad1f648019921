using System.Diagnostics;
using Jifu.Ledger.Risk;

namespace Jifu.Ledger.Settlement;

using Decision = Decision<SettlementEvent, SettlementRejection>;
using static SettlementCommand;

/// <summary>Everything that can be asked of a settlement order.</summary>
public abstract record SettlementCommand
{
    private SettlementCommand() { }

    public sealed record Order(SettlementEvent.Ordered Terms, RiskDecision Decision) : SettlementCommand;

    /// <summary>Send it, or send it again after a failure.</summary>
    /// <param name="Held">What is put aside in the merchant's funds for this very attempt, and for no other.</param>
    public sealed record Send(SettlementId Id, BusinessDay Day, DateTimeOffset At, PayoutHold? Held = null)
        : SettlementCommand;

    /// <summary>What became of one attempt: an answer about an earlier one must not end a later one.</summary>
    /// <param name="Reference">Our number for the attempt that was asked about.</param>
    public abstract record Answer(string Reference) : SettlementCommand;

    public sealed record MarkUnknown(string Reference, string Reason, DateTimeOffset At) : Answer(Reference);

    public sealed record Confirm(string Reference, string BankReference, BusinessDay Day, DateTimeOffset At)
        : Answer(Reference);

    public sealed record Fail(string Reference, string Code, string Reason, BusinessDay Day, DateTimeOffset At)
        : Answer(Reference);

    /// <summary>It came back after it was confirmed.</summary>
    /// <param name="BankReference">The bank's number of what came.</param>
    public sealed record Return(
        string Reference, string BankReference, string Line, BusinessDay Day, DateTimeOffset At) : Answer(Reference);
}

/// <summary>An amount put aside in the merchant's funds for one attempt of a payout.</summary>
/// <param name="Reference">Our number for the attempt.</param>
public sealed record PayoutHold(string Reference, Money Amount);

/// <summary>Every rule that can refuse a settlement command. The API returns these names.</summary>
public enum SettlementRejection
{
    SettlementNotFound,
    SettlementAmountNotPositive,
    SettlementDiffers,
    SettlementHeldByRisk,
    PayoutNotSent,
    PayoutAlreadyConfirmed,
    PayoutAlreadyFailed,
    PayoutConfirmedUnderAnotherReference,
    PayoutNotConfirmed,
}

/// <summary>A merchant's payout from one clearing batch, from the order to the bank's confirmation.</summary>
public abstract record SettlementOrder
{
    private SettlementOrder() { }

    public static readonly SettlementOrder Initial = new NotOrdered();

    /// <summary>The one settlement order of a merchant in a batch and a currency.</summary>
    public static SettlementId IdOf(BatchId batch, MerchantId merchant, Currency currency) =>
        new($"{batch}_{merchant}_{currency}");

    public sealed record NotOrdered : SettlementOrder;

    /// <summary>Waits to be sent; after a failure, or after it came back, it waits again.</summary>
    public sealed record Ready(SettlementEvent.Ordered Terms, int Attempts) : SettlementOrder
    {
        /// <summary>Our number for the next attempt.</summary>
        public string NextReference(SettlementId id) => FormattableString.Invariant($"{id}_{Attempts + 1}");
    }

    /// <summary>Stopped by risk. Nothing goes out.</summary>
    public sealed record Held(SettlementEvent.Ordered Terms, string Rule) : SettlementOrder;

    public sealed record InTransit(SettlementEvent.Ordered Terms, int Attempts, string Reference, bool Unknown)
        : SettlementOrder;

    public sealed record Confirmed(
        SettlementEvent.Ordered Terms, int Attempts, string Reference, string BankReference) : SettlementOrder;

    public static Decision Decide(SettlementOrder order, SettlementCommand command) => (order, command) switch
    {
        (NotOrdered, Order { Terms.Amount.IsPositive: false }) => SettlementRejection.SettlementAmountNotPositive,
        (NotOrdered, Order c) => Decision.All(c.Terms, new SettlementEvent.Judged(c.Decision)),
        (NotOrdered, _) => SettlementRejection.SettlementNotFound,
        (_, Order c) => Same(TermsOf(order), c.Terms) ? Decision.Nothing : SettlementRejection.SettlementDiffers,

        (Held, _) => SettlementRejection.SettlementHeldByRisk,

        // Somebody else has sent the attempt that this was held for, and has heard of its end.
        (Ready s, Send { Held: { } held } c) when held.Reference != s.NextReference(c.Id) => Decision.Nothing,
        (Ready s, Send c) => new SettlementEvent.PayoutSent(
            s.Terms.Merchant, s.Terms.Amount, s.NextReference(c.Id), c.Day, c.At, c.Held?.Amount),
        (Ready { Attempts: > 0 }, Fail or Return) => Decision.Nothing,
        (Ready { Attempts: > 0 }, Confirm) => SettlementRejection.PayoutAlreadyFailed,
        (Ready, _) => SettlementRejection.PayoutNotSent,

        (InTransit, Send) => Decision.Nothing,
        (InTransit s, Confirm c) when c.Reference != s.Reference => SettlementRejection.PayoutAlreadyFailed,
        (InTransit s, Answer c) when c.Reference != s.Reference => Decision.Nothing,
        (InTransit, Return) => SettlementRejection.PayoutNotConfirmed,
        (InTransit { Unknown: true }, MarkUnknown) => Decision.Nothing,
        (InTransit, MarkUnknown c) => new SettlementEvent.PayoutOutcomeUnknown(c.Reason, c.At),
        (InTransit s, Confirm c) => new SettlementEvent.PayoutConfirmed(
            s.Terms.Merchant, s.Terms.Amount, c.BankReference, c.Day, c.At),
        (InTransit s, Fail c) => new SettlementEvent.PayoutFailed(
            s.Terms.Merchant, s.Terms.Amount, c.Code, c.Reason, c.Day, c.At),

        (Confirmed s, Confirm c) => (c.Reference, c.BankReference) == (s.Reference, s.BankReference)
            ? Decision.Nothing
            : SettlementRejection.PayoutConfirmedUnderAnotherReference,
        (Confirmed s, Fail c) when c.Reference == s.Reference => SettlementRejection.PayoutAlreadyConfirmed,
        (Confirmed s, Return c) when c.Reference == s.Reference => new SettlementEvent.PayoutReturned(
            s.Terms.Merchant, s.Terms.Amount, c.Reference, c.BankReference, c.Line, c.Day, c.At),
        (Confirmed, _) => Decision.Nothing,

        _ => throw new UnreachableException($"No rule answers {command} on {order}."),
    };

    public static SettlementOrder Evolve(SettlementOrder order, SettlementEvent @event) => (order, @event) switch
    {
        (NotOrdered, SettlementEvent.Ordered e) => new Ready(e, 0),
        (Ready s, SettlementEvent.Judged { Decision.Passed: false } e) => new Held(s.Terms, e.Decision.RefusedBy!),
        (Ready s, SettlementEvent.Judged) => s,
        (Ready s, SettlementEvent.PayoutSent e) => new InTransit(s.Terms, s.Attempts + 1, e.Reference, false),
        (InTransit s, SettlementEvent.PayoutOutcomeUnknown) => s with { Unknown = true },
        (InTransit s, SettlementEvent.PayoutConfirmed e) =>
            new Confirmed(s.Terms, s.Attempts, s.Reference, e.BankReference),
        (InTransit s, SettlementEvent.PayoutFailed) => new Ready(s.Terms, s.Attempts),
        (Confirmed s, SettlementEvent.PayoutReturned) => new Ready(s.Terms, s.Attempts),
        _ => throw new InvalidDataException($"{@event} cannot follow {order}."),
    };

    /// <summary>The terms of an order that exists.</summary>
    public static SettlementEvent.Ordered TermsOf(SettlementOrder order) => order switch
    {
        Ready s => s.Terms,
        Held s => s.Terms,
        InTransit s => s.Terms,
        Confirmed s => s.Terms,
        _ => throw new InvalidOperationException("Nothing was ordered."),
    };

    private static bool Same(SettlementEvent.Ordered one, SettlementEvent.Ordered other) =>
        one with { At = other.At, PayoutAccount = other.PayoutAccount } == other;
}
