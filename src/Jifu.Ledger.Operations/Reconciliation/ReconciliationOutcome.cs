using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Why a day was not reconciled. The API returns these names.</summary>
public enum ReconciliationRejection
{
    BillDayNotOver,
    BillNotReady,
    NoBillReasonMissing,
    BillNotOfAllTrades,
    BillAlreadyImported,
    BillSupersededBefore,
    SupersedeReasonMissing,
    FundFlowNotReady,
}

/// <summary>How a channel's day stands after a run.</summary>
/// <param name="Refusal">Why it did not get on; null when it did.</param>
public sealed record ReconciliationOutcome(
    Channel Channel, BusinessDay Day, ReconciliationEvent.Completed? Completed, bool FundsReceived, Refusal? Refusal)
{
    /// <summary>The SHA-256 of the bill in place; null before there is one.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Why the channel's fund flow (资金账单) is not in place; null when it is, or the channel gives none. The
    /// trade bill's comparison does not wait for it.</summary>
    public Refusal? FundFlowRefusal { get; init; }

    /// <summary>The file that was brought had been imported before: nothing was done.</summary>
    public bool AlreadyThere { get; init; }

    /// <summary>The file that was brought took the place of another.</summary>
    internal bool TookPlace { get; init; }

    /// <summary>What was asked for and had no effect; null when all had.</summary>
    public string? Note { get; init; }

    internal static ReconciliationOutcome Of(Channel channel, BusinessDay day, ReconciledDay stands) =>
        new(channel, day, stands.Completed, stands.Funds is not null, null) { Sha256 = stands.Bill?.Sha256 };

    internal static ReconciliationOutcome Refused(
        Channel channel, BusinessDay day, ReconciliationRejection rejection, string detail) =>
        new(channel, day, null, false, Refusal.Of(rejection, $"{channel.Name()} {day}: {detail}"));

    /// <summary>For a bill that somebody brought, which a channel that is not connected may have, too.</summary>
    internal static ReconciliationOutcome NothingExpected(Channel channel, BusinessDay day) => new(
        channel, day, null, false, Refusal.Of(
            OperationRejection.ChannelNotAvailable,
            $"{channel.Name()} is not connected here, and our books expect nothing of it up to {day}. Its bill can be "
            + "compared with an order export of your own, without a server: "
            + $"jifu reconcile --channel {channel.Name()} --bill FILE --orders FILE."));

    internal static ReconciliationOutcome NotConnected(Channel channel, BusinessDay day) =>
        new(channel, day, null, false, Refusal.Of(
            OperationRejection.ChannelNotAvailable,
            $"{channel.Name()} is not connected here, so that nobody can be asked for its bill of {day}. Bring the "
            + $"file: jifu reconcile --channel {channel.Name()} --day {day} --bill FILE."));
}
