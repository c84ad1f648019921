using System.Globalization;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds columns of an order export that no field has and that hold refunds of the bill beside their payments,
/// one row for each order.</summary>
/// <remarks>Such a row counts once, as the payment: its refund would be compared with nothing.</remarks>
internal sealed class RefundsBeside(ColumnGuess columns, WordGuess words)
{
    private readonly OrderSample orders = columns.Orders;

    /// <summary>Asks about each such column, once all fields have theirs.</summary>
    /// <param name="asked">A column that has been asked about already.</param>
    public void Ask(int number, int? ofRefunds, int? asked)
    {
        var refunds = Refunds();
        if (refunds.Count == 0)
            return;
        // What has a row of its own is compared, wherever else it stands.
        var rows = orders.Rows.ToLookup(words.Of);
        var own = rows[BillLineKind.Refund]
            .Select(row => ofRefunds is { } column && row[column].Length > 0 ? row[column] : row[number]).ToHashSet();
        foreach (var column in columns.Columns().Where(column => column != asked).ToList())
        {
            var beside = rows[BillLineKind.Payment].Select(row => Beside(row, column)).OfType<BillLine>()
                .Select(refund => refund.Number).Distinct().ToList();
            var left = beside.Count(refund => !own.Contains(refund));
            // The rows of the others may come later, where some have one.
            if (left > 0 && (orders.IsWhole || left == beside.Count))
                columns.Doubt(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Column {orders.Headings[column]} has {left:N0} of the bill's refunds in rows of payments, and no "
                        + $"row is such a refund. Export refunds as rows of their own; or say --map "
                        + $"refund_number={orders.Headings[column]} to find them as the channel's only."));
        }

        // In its payment's row: short numbers may stand anywhere.
        BillLine? Beside(IReadOnlyList<string> row, int column) => row[column] != row[number]
            && refunds.TryGetValue(row[column], out var refund)
            && (refund.PaymentNumber.Length == 0 || refund.PaymentNumber == row[number]) ? refund : null;
    }

    // By our number, and by the channel's, where it is not the payment's, too.
    private Dictionary<string, BillLine> Refunds()
    {
        var refunds = new Dictionary<string, BillLine>();
        foreach (var line in columns.Bill.ByKey.Values.Where(line => line.Kind is BillLineKind.Refund))
        {
            refunds.TryAdd(line.Number, line);
            if (line.ChannelReference != line.PaymentReference)
                refunds.TryAdd(line.ChannelReference, line);
        }

        refunds.Remove("");
        return refunds;
    }
}
