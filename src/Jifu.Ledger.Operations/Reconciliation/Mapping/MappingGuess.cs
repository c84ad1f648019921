using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Which column was taken for one of our fields, and why.</summary>
/// <param name="Field">As the mapping file names it: <c>number</c>.</param>
/// <param name="Column">Their heading; null when the field is left out.</param>
public sealed record FieldGuess(string Field, string? Column, string Example, string Why);

/// <summary>What an order export's columns seem to mean.</summary>
/// <param name="Mapping">Null when it has no number or no amount that could be found.</param>
/// <param name="Doubts">Why a person has to decide; none when the guess can be relied on.</param>
public sealed record MappingGuess(
    OrderMapping? Mapping, IReadOnlyList<FieldGuess> Fields, IReadOnlyList<string> Doubts)
{
    /// <summary>Guesses by what the bill holds, then by headings, then by the cells themselves.</summary>
    /// <param name="told">Headings that somebody has named for fields; they are taken as they are.</param>
    public static MappingGuess Of(
        OrderSample orders, BillSample bill, IReadOnlyDictionary<string, string>? told = null)
    {
        var columns = new ColumnGuess(orders, bill, told ?? new Dictionary<string, string>());
        var numbers = new NumberGuess(columns);
        var number = numbers.Number();
        var ofRefunds = number is { } known ? numbers.OfRefunds(known) : null;
        columns.Number(number, ofRefunds);
        var amount = columns.Amount();
        if (number is null || amount is null)
            return new(null, columns.Fields, columns.Doubts);
        OtherCurrency.Ask(columns);
        var words = new WordGuess(columns, amount.Value);
        var kind = words.Kind();
        ofRefunds = numbers.Settled(number.Value, ofRefunds, words, amount.Value);
        columns.Number(number, ofRefunds);
        var refunded = new RefundedGuess(columns, words).Find(number.Value);
        var (fee, status) = (new FeeGuess(columns), new StatusGuess(
            columns, row => columns.Has(row, kind is null ? BillLineKind.None : words.Of(row))));
        var mapping = new OrderMapping
        {
            Number = orders.Headings[number.Value],
            RefundNumber = Heading(ofRefunds),
            Amount = orders.Headings[amount.Value],
            Refunded = Heading(refunded),
            Unit = columns.Unit,
            Kind = Heading(kind),
            Fee = Heading(fee.Find()),
            Status = Heading(status.Find(kind)),
            At = Heading(columns.At()),
            Reference = Heading(columns.Reference()),
            Merchant = Heading(columns.Merchant()),
            Encoding = orders.Encoding,
            Separator = orders.Separator,
            NegativeRefunds = words.NegativeRefunds(),
        };
        status.AskOthers(mapping.At);
        // What is compared by the payment's number needs no other.
        if (refunded is null)
            new RefundsBeside(columns, words).Ask(number.Value, ofRefunds, numbers.Asked);
        return new(status.Fill(fee.Fill(words.Fill(mapping))), columns.Fields, columns.Doubts);

        string? Heading(int? column) => column is { } place ? orders.Headings[place] : null;
    }
}
