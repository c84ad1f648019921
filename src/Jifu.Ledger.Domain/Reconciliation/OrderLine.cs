namespace Jifu.Ledger.Reconciliation;

/// <summary>One line of an order export, from whichever system: what it says that the channel's bill should hold.
/// </summary>
/// <param name="Number">What the channel's bill knows it by: the order's number, or the refund's.</param>
/// <param name="Reference">The channel's own number; empty when the export does not tell, and then not compared.
/// </param>
/// <param name="Amount">Positive, whichever way the money goes.</param>
/// <param name="Fee">What the channel charges; null when the export does not tell, and then not compared.</param>
/// <param name="Status">Null when it is done; otherwise what the export says instead. Then it is not expected in the
/// bill, and counts nowhere.</param>
/// <param name="At">When it happened; null when the export does not tell.</param>
/// <param name="Merchant">The channel's merchant number; empty when not told, and then not compared.</param>
/// <param name="LineNo">Where it stands in the file, from 1.</param>
public sealed record OrderLine(
    BillLineKind Kind, string Number, string Reference, Money Amount, Money? Fee, string? Status, DateTimeOffset? At,
    string Merchant, int LineNo)
{
    /// <summary>What both sides know it by: <c>payment:p17</c>.</summary>
    public string Key => LineKey.Of(Kind, Number);

    /// <summary>True when a bill of that day and of that merchant should hold it, either null for any. An export
    /// without times is all of any day, and one without merchants of any merchant.</summary>
    public bool CountsOn(BusinessDay? day, string? merchant = null) =>
        Status is null && (day is null || At is null || BusinessDay.Of(At.Value) == day) && IsOf(merchant);

    internal bool IsOf(string? merchant) => merchant is null || Merchant.Length == 0 || Merchant == merchant;

    /// <summary>The line as the comparison holds it; a fee that is not told is taken to be so.</summary>
    internal LedgerLine Held(Money fee) => new(Kind, Number, Reference, Amount, Fee ?? fee, At ?? default);

    /// <summary>What the row that it meets nets by a fee that the line does not tell.</summary>
    internal Money Untold(Money fee) => Fee is null ? -fee : Money.Zero(fee.Currency);
}
