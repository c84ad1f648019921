namespace Jifu.Ledger.Reconciliation;

/// <summary>A difference with the rows in which it stands.</summary>
public sealed record Found(Discrepancy What, BillLine? Theirs, OrderLine? Ours);
