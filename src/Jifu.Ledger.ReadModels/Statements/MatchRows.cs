using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Keeps what each line is: in <c>statement_match</c> what it is of all that we expected, beside the line what
/// it is besides.</summary>
internal static class MatchRows
{
    public static IReadOnlyList<Statement> Of(StatementEvent.Matched e) =>
    [
        new(
            "UPDATE statement_line SET matched_by = @how, matched_with = @with WHERE line = @line",
            1, ("line", e.Line), ("how", e.How),
            ("with", e.Together is { } lines && lines[0] != e.Line ? lines[0] : DBNull.Value)),

        // Older programs on two servers could take two lines for one movement: the first one has it.
        e.Parts is { } parts
            ? new(
                """
                INSERT INTO statement_match (expected, line, amount_minor)
                SELECT expected, @line, amount FROM unnest(@expected, @amounts) AS part (expected, amount)
                ON CONFLICT DO NOTHING
                """,
                -1, ("expected", parts.Select(part => part.To).ToArray()), ("line", e.Line),
                ("amounts", parts.Select(part => part.Amount.MinorUnits).ToArray()))
            : new(
                "INSERT INTO statement_match (expected, line) SELECT unnest(@expected), @line ON CONFLICT DO NOTHING",
                -1, ("expected", e.To.ToArray()), ("line", e.Line)),
    ];

    public static IReadOnlyList<Statement> Of(StatementEvent.MatchUndone e) =>
    [
        new(
            "UPDATE statement_line SET matched_by = NULL, matched_with = NULL WHERE line = @line",
            1, ("line", e.Line)),
        new("DELETE FROM statement_match WHERE line = @line", -1, ("line", e.Line)),
    ];

    public static Statement Of(StatementEvent.Explained e) => new(
        "UPDATE statement_line SET explained_as = @as, explained_minor = @amount WHERE line = @line",
        1, ("line", e.Line), ("as", $"{e.As}"), ("amount", e.Amount.MinorUnits));

    public static Statement Of(StatementEvent.ExplanationTakenBack e) => new(
        "UPDATE statement_line SET explained_as = NULL, explained_minor = NULL WHERE line = @line",
        1, ("line", e.Line));
}
