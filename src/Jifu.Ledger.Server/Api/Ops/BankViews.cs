using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>One line as a statement has it; amounts in minor units, positive comes in.</summary>
internal sealed record StatementLineView(
    int LineNo, DateTimeOffset At, long Amount, long? Balance, string Reference, string Counterparty, string Note)
{
    public static StatementLineView Of(StatementLine line) => new(
        line.LineNo, line.At, line.Amount.MinorUnits, line.Balance?.MinorUnits, line.Reference, line.Counterparty,
        line.Note);
}

/// <summary>How a statement would be read.</summary>
/// <param name="IsSaved">The mapping is the account's saved one; otherwise it was given or guessed.</param>
/// <param name="Break">Where its balances stop following from each other; empty when they do.</param>
/// <param name="Lines">Its first lines.</param>
/// <param name="Misfit">Why the saved mapping does not fit, where another one is guessed instead; otherwise
/// empty.</param>
/// <param name="Flaw">Why the guess does not read the file yet; otherwise empty.</param>
internal sealed record StatementPreviewView(
    StatementMapping Mapping, bool IsSaved, int Count, string Break, IReadOnlyList<StatementLineView> Lines,
    string Misfit, string Flaw)
{
    public static StatementPreviewView Of(StatementPreview preview) => new(
        preview.Mapping, preview.IsSaved, preview.Count, preview.Break,
        [.. preview.Lines.Select(StatementLineView.Of)], preview.Misfit, preview.Flaw);
}

/// <summary>What became of a statement.</summary>
/// <param name="NewRows">Lines that no earlier statement had.</param>
/// <param name="AlreadyThere">The very file was imported before; nothing was done.</param>
/// <param name="Matched">How many lines were found now to be what we expected.</param>
/// <param name="Gaps">Where it does not go on from the account's other statements, or they from it: a warning.</param>
internal sealed record StatementImportView(
    string Account, string Sha256, int Rows, int NewRows, BusinessDay From, BusinessDay To, string Break,
    bool AlreadyThere, int Matched, IReadOnlyList<StatementGapView> Gaps)
{
    public static StatementImportView Of(StatementReport report)
    {
        var done = report.Imported!;
        return new(
            done.Account, done.Sha256, done.Rows, done.NewRows, done.From, done.To, done.Break, report.AlreadyThere,
            report.Matched, [.. report.Gaps.Select(StatementGapView.Of)]);
    }
}

/// <summary>A gap between two statements of an account.</summary>
/// <param name="After">The day of the last line before it.</param>
/// <param name="ClosingMinor">What the account held then.</param>
/// <param name="Before">The day of the first line behind it.</param>
/// <param name="OpeningMinor">What the account held before that.</param>
/// <param name="Warning">The same in words.</param>
internal sealed record StatementGapView(
    BusinessDay After, long ClosingMinor, BusinessDay Before, long OpeningMinor, string Warning)
{
    public static StatementGapView Of(StatementGap gap) => new(
        gap.After, gap.Closing.MinorUnits, gap.Before, gap.Opening.MinorUnits,
        $"The lines of {gap.After} end with {gap.Closing}, and those of {gap.Before} begin with {gap.Opening}: "
            + "statements between them are missing, or one of the two is not right.");
}

/// <summary>What is open between the bank and our books.</summary>
/// <param name="CoveredTo">The last day of any statement; absent before the first one. What is expected later is no
/// difference yet.</param>
/// <param name="OnlyAtBank">Lines of the bank that are nothing that we know (银行已记、企业未记).</param>
/// <param name="OnlyWithUs">What we booked or expect and no line of the bank is (企业已记、银行未记).</param>
/// <param name="Proposed">What of the two may be the same by its amount; a person has to say so.</param>
/// <param name="Explained">What somebody has said of lines, and another person has to approve; of any day.</param>
internal sealed record BankOpenView(
    BusinessDay? CoveredTo, IReadOnlyList<BankOpenLineView> OnlyAtBank, IReadOnlyList<BankExpectedView> OnlyWithUs,
    IReadOnlyList<BankProposalView> Proposed, IReadOnlyList<ExplanationView> Explained);

/// <summary>A line of the bank that is nothing that we know.</summary>
/// <param name="BalanceMinor">Absent where the statement tells none.</param>
/// <param name="ImportedBy">Absent while its statement was not read to its end.</param>
/// <param name="AgeDays">Days since the bank's.</param>
internal sealed record BankOpenLineView(
    string Line, string Account, DateTimeOffset BookedAt, BusinessDay Day, string Currency, long AmountMinor,
    long? BalanceMinor, string Reference, string Counterparty, string Note, int LineNo, string? ImportedBy,
    string MatchedTo, int AgeDays, MoneyAdvice Suggestion)
{
    public static BankOpenLineView Of(StatementLineRow row, BusinessDay today, bool isProposed, bool isExplained)
    {
        var age = today.Date.DayNumber - row.Day.Date.DayNumber;
        return new(
            row.Line, row.Account, row.BookedAt, row.Day, row.Currency, row.AmountMinor, row.BalanceMinor,
            row.Reference, row.Counterparty, row.Note, row.LineNo, row.ImportedBy, row.MatchedTo, age,
            MoneyAdvice.ForLine(row.AmountMinor, age, isProposed, isExplained));
    }
}

/// <summary>What we booked or expect of the bank.</summary>
/// <param name="AmountMinor">Positive comes in.</param>
/// <param name="Reference">The bank's number, or of a withdrawal the channel's, as far as it was told.</param>
/// <param name="IsBooked">False for a channel's money that only its bill or its fund flow promises.</param>
/// <param name="AgeDays">Days since the first on which the bank may have had it, as far as it was known then.</param>
internal sealed record BankExpectedView(
    string Id, string Channel, BusinessDay Day, string Currency, long AmountMinor, string Reference, bool IsBooked,
    int AgeDays, MoneyAdvice Suggestion)
{
    public static BankExpectedView Of(ExpectedMoneyRow row, BusinessDay today)
    {
        var age = today.Date.DayNumber - (row.KnownOn ?? row.Day).Date.DayNumber;
        return new(
            row.Id, row.Channel, row.Day, row.Currency, row.AmountMinor, row.Reference, row.IsBooked, age,
            MoneyAdvice.For(row.Id, age));
    }
}

/// <summary>A line, and what it may be.</summary>
/// <param name="How"><c>reference</c>, <c>amount</c>, <c>sum</c> of several days, or <c>lines</c> that are one movement
/// together.</param>
/// <param name="With">The lines with which it may be that; empty for a line by itself.</param>
internal sealed record BankProposalView(
    string Account, string Line, IReadOnlyList<string> To, string How, IReadOnlyList<string> With)
{
    public static BankProposalView Of(FoundMoney found) => new(
        found.Line.Account, found.Line.Line, [.. found.To.Select(one => one.Id)], found.How,
        [.. found.With.Select(line => line.Line)]);
}

/// <summary>What a look at the open lines came to.</summary>
internal sealed record BankMatchView(int Matched);
