namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>One line of a bank's statement.</summary>
/// <param name="Id">The same for the same line in every statement that has it: see <see cref="StatementLines"/>.
/// </param>
/// <param name="At">When the bank booked it; the start of its day when the statement tells no time.</param>
/// <param name="Amount">Signed: positive comes in.</param>
/// <param name="Balance">What the account holds after it; null when the statement does not say.</param>
/// <param name="LineNo">Where it stands in the file, from 1.</param>
public sealed record StatementLine(
    string Id, DateTimeOffset At, Money Amount, Money? Balance, string Reference, string Counterparty, string Note,
    int LineNo)
{
    public BusinessDay Day => BusinessDay.Of(At);
}
