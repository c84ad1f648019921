using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Why a statement, its mapping or a match is not taken. The API returns these names.</summary>
public enum StatementRejection
{
    StatementMappingMissing,
    StatementMappingInvalid,
    StatementMappingInUse,
    StatementLineNotMatched,
    StatementLineNotFound,
    StatementLineMatched,
    StatementMoneyNotExpected,
    StatementAmountsDiffer,
    StatementNeedsAnotherPerson,
    StatementReturnStands,
    StatementAccountNotAdmitted,
    StatementNothingToExplain,
    StatementExplanationContradicts,
    StatementExplanationOpen,
    StatementExplanationNotFound,
    StatementEmpty,
    StatementNotText,
    StatementWorkbookUnreadable,
    StatementSheetMissing,
    StatementHeadingsMissing,
    StatementBeforeFirstDay,
    StatementTooLong,
    StatementRowMalformed,
    StatementCellUnreadable,
    StatementTimeMalformed,
    StatementAmountMalformed,
    StatementDirectionUnknown,
    StatementCurrencyOther,
}

/// <summary>A statement cannot be read, and nothing of it is imported: which rule says so, and where.</summary>
/// <param name="place"><c>sheet 明细, cell C7</c>, <c>cell C7</c>, <c>line 7</c>; empty when it is about the whole
/// file.</param>
/// <param name="what">What was expected there, for people.</param>
public sealed class StatementRejectedException(StatementRejection code, string file, string place, string what)
    : Exception($"{file}{(place == "" ? "" : $", {place}")}: {SnakeCase.Of($"{code}")}: {what}")
{
    public StatementRejection Code { get; } = code;
}

/// <summary>How a statement would be read, before anything is saved or imported.</summary>
/// <param name="IsSaved">The mapping is the account's saved one; otherwise it was given or guessed.</param>
/// <param name="Lines">Its first lines.</param>
/// <param name="Count">All of its lines.</param>
/// <param name="Break">Where its balances stop following from each other; empty when they do, or there are
/// none.</param>
/// <param name="Misfit">Why the saved mapping does not fit the file, for which another one is guessed; empty when it
/// does, or was not asked for.</param>
/// <param name="Flaw">Why the guess does not read the file, with file and cell; empty when it does.</param>
public sealed record StatementPreview(
    StatementMapping Mapping, bool IsSaved, IReadOnlyList<StatementLine> Lines, int Count, string Break,
    string Misfit = "", string Flaw = "");

/// <summary>What became of a statement.</summary>
/// <param name="Refusal">Why nothing was done; null when it was.</param>
/// <param name="Imported">What the account has of it; null when it was refused.</param>
/// <param name="AlreadyThere">The very file was imported before.</param>
/// <param name="Matched">How many lines were found to be what we expected.</param>
/// <param name="Gaps">Where it does not go on from the account's other statements, or they from it.</param>
public sealed record StatementReport(
    Refusal? Refusal, StatementEvent.Imported? Imported, bool AlreadyThere, int Matched,
    IReadOnlyList<StatementGap> Gaps);
