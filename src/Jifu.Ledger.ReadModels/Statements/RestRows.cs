using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Keeps <c>channel_rest</c>: what came for days beyond the money that was booked first.</summary>
internal static class RestRows
{
    public static Statement Of(ReconciliationEvent.RestReceived e) => new(
        """
        INSERT INTO channel_rest (channel, day, number, currency, amount_minor, line)
        VALUES (@channel, @day, @number, @currency, @amount, @line)
        """,
        1,
        ("channel", e.Channel.Name()), ("day", e.Day.Date), ("number", e.Rest),
        ("currency", Column.Name(e.Amount.Currency)), ("amount", e.Amount.MinorUnits), ("line", e.Line));

    public static Statement Of(ReconciliationEvent.RestTakenBack e) => new(
        "DELETE FROM channel_rest WHERE channel = @channel AND day = @day AND number = @number",
        1, ("channel", e.Channel.Name()), ("day", e.Day.Date), ("number", e.Rest));
}
