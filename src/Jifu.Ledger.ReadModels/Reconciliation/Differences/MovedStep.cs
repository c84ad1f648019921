namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>What one step moved, and about which difference.</summary>
public sealed record MovedStep
{
    public required string Step { get; init; }
    public required string Detail { get; init; }
    public required long MovedMinor { get; init; }
    public required string DifferenceId { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Class { get; init; }
    public required string Key { get; init; }
    public required string Field { get; init; }
    public required string Theirs { get; init; }
    public required string Ours { get; init; }
    public required string Currency { get; init; }
}
