using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>Each refund number is one difference's, for a bill's row of the refund is found by it.</summary>
/// <remarks>Two proposals may pass at the same moment. Before one is approved it is looked again, with all that came
/// before it in the log: the first of them alone is approved, and the other one when the first is given up. A number
/// is free again once its proposal was rejected or withdrawn, or its closing undone.</remarks>
public sealed class RefundNumbers(RefundNumberQueries numbers, DifferenceQueries differences, Projector views)
{
    /// <summary>Why a remedy may not be proposed: somebody else has its number.</summary>
    public Task<Refusal?> Used(DifferenceId id, Remedy remedy, CancellationToken cancellation) =>
        Used(id, remedy, beforeMine: false, cancellation);

    /// <summary>Why a remedy that was proposed may not be approved.</summary>
    public Task<Refusal?> UsedBefore(DifferenceId id, Remedy remedy, CancellationToken cancellation) =>
        Used(id, remedy, beforeMine: true, cancellation);

    /// <summary>The same refusal, for a number that another row of one file has.</summary>
    public static Refusal Twice(string number, string owner) => Refusal.Of(
        DifferenceDeskRejection.RefundNumberUsed,
        $"refund_number {number} is that of {owner}: each difference needs a number of its own.");

    /// <summary>The channel of a refund, which alone a number has to be single for; null for any other
    /// remedy.</summary>
    public async Task<string?> ChannelOf(DifferenceId id, Remedy remedy, CancellationToken cancellation) =>
        remedy is { Kind: RemedyKind.Refund, RefundNumber.Length: > 0 }
            ? (await differences.Find(id.Value, cancellation))?.Channel
            : null;

    private async Task<Refusal?> Used(
        DifferenceId id, Remedy remedy, bool beforeMine, CancellationToken cancellation)
    {
        if (remedy is not { Kind: RemedyKind.Refund, RefundNumber: { Length: > 0 } number })
            return null;
        await views.WaitForHead(cancellation);
        return await ChannelOf(id, remedy, cancellation) is { } channel
            && await numbers.Owner(channel, number, id.Value, beforeMine, cancellation) is { } owner
                ? Twice(number, owner)
                : null;
    }
}
