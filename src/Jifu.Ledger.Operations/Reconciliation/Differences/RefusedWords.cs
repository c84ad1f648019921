using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>What people are told when something is not done about a difference: what is wrong, and what would do.
/// </summary>
internal static class RefusedWords
{
    public static string Of(
        DifferenceRejection rejection, DifferenceId id, Difference state, DifferenceCommand command) =>
        (rejection, command) switch
        {
            (DifferenceRejection.AccountNotAllowed, DifferenceCommand.Propose c) => Account(c.Remedy, c.Finding),
            (DifferenceRejection.HoldDayPassed, DifferenceCommand.Propose { Remedy.Due: { } due } c) =>
                $"{due} has passed: today is {c.Today}.",
            (DifferenceRejection.HoldDayPassed, DifferenceCommand.Propose c) =>
                $"The day until when is missing: {c.Today} or later.",
            (DifferenceRejection.HoldOwnerMissing, _) =>
                "The owner (责任人) is missing: who goes on looking for the reason.",
            (DifferenceRejection.RefundNumberMissing, _) =>
                "The refund number (退款单号) is missing, under which the channel's bill will have the refund.",
            (DifferenceRejection.NothingToRefund, _) =>
                $"Difference {id} is {command.Finding.Class} with {LeftOf(state, command.Finding)} left: there is no "
                + "money too much of which a payer could be given back.",
            (DifferenceRejection.AmountNotOfCorrection, _) =>
                $"Difference {id} is {command.Finding.Class}: all that is left of it moves, without an amount.",
            (DifferenceRejection.CorrectionAmountMissing, _) =>
                $"Difference {id} is a correction of {command.Finding.Theirs}, whose file does not say which way: say "
                + "what the channel owes us more by it, less with a minus.",
            (DifferenceRejection.SupplementNotPossible, _) =>
                $"Difference {id} is {command.Finding.Class}, and only what the channel alone has is supplemented.",
            _ => State(id, state),
        };

    /// <summary>For a supplement that nothing of ours could carry out.</summary>
    public static string NoOrder(DifferenceId id) =>
        $"We have no order for difference {id}: name the merchant to book it for, or hold or refund it.";

    /// <summary>For money that the success of what we asked for ourselves may still book.</summary>
    public static string Awaited(DifferenceLifeRow row) => LineKey.KindIn(row.Key) switch
    {
        "payment" => $"Our order {LineKey.NumberIn(row.Key)} is {row.OrderStatus}, and its own success books "
            + $"difference {row.DifferenceId}: supplement it without a merchant, or hold it until the order has ended.",
        var kind => $"Our own {(kind == "revoke" ? "cancellation" : "refund")} {LineKey.NumberIn(row.Key)} is under "
            + $"way, and its success meets difference {row.DifferenceId}: hold it until that has ended.",
    };

    /// <summary>Why the order did not book it, of an order that the channel has been asked about.</summary>
    public static string NotBooked(Payment? order) => order switch
    {
        null or Payment.NotStarted => "we have no such order",
        Payment.Failed => "our order has failed, and the channel does not say that it was paid",
        Payment.Closed => "our order is closed, and the channel does not say that it was paid",
        Payment.Refused => "our order was refused, and never sent to the channel",
        Payment.Paid or Payment.Cancelled => "our order has succeeded, but its booking does not meet this line",
        _ => "the channel does not say that our order was paid",
    };

    private static string Account(Remedy remedy, Finding finding)
    {
        var channel = finding.Channel;
        if (remedy.Kind is RemedyKind.Supplement)
            return $"A supplement goes to a merchant, for money that is too much; not to {remedy.To}.";
        var allowed = $"allowed are {Journal.Account.Bank}, {Journal.Account.FeeIncome}, "
            + $"{Journal.Account.Cost(channel)}, {Journal.Account.DifferenceResult(channel)}, "
            + "channel_receivable:CHANNEL, and for money that is too much merchant_available:MERCHANT.";
        return remedy.To is { } to ? $"{to} takes no such difference; {allowed}" : $"The account is missing; {allowed}";
    }

    private static Money LeftOf(Difference state, Finding finding) =>
        state is Difference.Known known ? DifferenceRules.InPlay(known) : finding.Excess;

    private static string State(DifferenceId id, Difference state) => state is Difference.Known known
        ? $"Difference {id} is {SnakeCase.Of(state.GetType().Name)}, "
            + FormattableString.Invariant($"version {known.Life.Version}, {known.Life.Left} left.")
        : $"Difference {id} is open.";
}
