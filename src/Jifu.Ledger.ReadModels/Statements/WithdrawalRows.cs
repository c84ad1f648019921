using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Keeps <c>withdrawal</c>: what fund flows say went to our bank, and by which of its lines it is booked.
/// </summary>
internal static class WithdrawalRows
{
    /// <summary>Those of a fund flow; what a corrected one lacks is gone, and stays as it was booked.</summary>
    public static IEnumerable<Statement> Of(ReconciliationEvent.FundFlowChecked e)
    {
        var (channel, day) = (e.Channel.Name(), e.Day.Date);
        yield return new(
            "UPDATE withdrawal SET gone = true WHERE channel = @channel AND day = @day",
            -1, ("channel", channel), ("day", day));
        foreach (var one in e.Withdrawals ?? [])
        {
            yield return new(
                """
                INSERT INTO withdrawal
                    (channel, day, number, reference, business, currency, amount_minor, is_return, gone)
                VALUES (@channel, @day, @number, @reference, @business, @currency, @amount, @return, false)
                ON CONFLICT (channel, day, number) DO UPDATE SET reference = @reference, business = @business,
                    currency = @currency, amount_minor = @amount, is_return = @return, gone = false
                """,
                1,
                ("channel", channel), ("day", day), ("number", one.Number), ("reference", one.Reference),
                ("business", one.Business), ("currency", Column.Name(one.Amount.Currency)),
                ("amount", one.Amount.MinorUnits), ("return", one.IsReturn));
        }
    }

    public static Statement Of(ReconciliationEvent.WithdrawalReceived e) =>
        Booked(e.Channel, e.Day, e.Withdrawal, e.Line);

    public static Statement Of(ReconciliationEvent.WithdrawalTakenBack e) =>
        Booked(e.Channel, e.Day, e.Withdrawal, null);

    private static Statement Booked(Channel channel, BusinessDay day, string number, string? line) => new(
        "UPDATE withdrawal SET line = @line WHERE channel = @channel AND day = @day AND number = @number",
        1, ("channel", channel.Name()), ("day", day.Date), ("number", number),
        ("line", (object?)line ?? DBNull.Value));
}
