namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>A difference that is not closed, with what is still in suspense for it.</summary>
public sealed record OpenDifference(Finding Finding, Money Left)
{
    // Made once: rules ask for it often, and it is a hash.
    public DifferenceId Id { get; } = Finding.Id;
}
