namespace Jifu.Ledger.Channels.Bills;

/// <summary>Which part of a bill a document is, where the channel divides long ones into several.</summary>
/// <param name="Whole">What all parts of one bill share, and no other document.</param>
/// <param name="Number">From 1.</param>
internal sealed record BillPart(string Whole, int Number);
