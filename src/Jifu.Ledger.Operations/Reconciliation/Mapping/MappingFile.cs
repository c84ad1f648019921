using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>A mapping as a small JSON file that people can write.</summary>
public static class MappingFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(OrderMapping mapping) => JsonSerializer.Serialize(
        new Shape
        {
            Number = mapping.Number, RefundNumber = mapping.RefundNumber, Amount = mapping.Amount,
            Refunded = mapping.Refunded,
            Unit = SnakeCase.Of($"{mapping.Unit}"),
            Kind = mapping.Kind, PaymentWords = Words(mapping.Kind, mapping.PaymentWords),
            RefundWords = Words(mapping.Kind, mapping.RefundWords),
            RevokeWords = Words(mapping.Kind, mapping.RevokeWords), NegativeRefunds = mapping.NegativeRefunds,
            Fee = mapping.Fee, NegativeFees = Set(mapping.NegativeFees),
            PositiveRefundFees = Set(mapping.PositiveRefundFees), Status = mapping.Status,
            SuccessWords = Words(mapping.Status, mapping.SuccessWords),
            NotDoneWords = mapping.NotDoneWords is { } notDone ? Words(mapping.Status, notDone) : null,
            At = mapping.At, Reference = mapping.Reference, Merchant = mapping.Merchant,
            Encoding = mapping.Encoding is OrderEncoding.Gb18030 ? "gb18030" : "utf-8",
            Separator = $"{mapping.Separator}",
        },
        Json) + "\n";

    /// <exception cref="InvalidDataException">It is not such a file; the message says file, line, column and what is
    /// wrong.</exception>
    public static OrderMapping Read(string path)
    {
        var said = new WrittenMembers(
            WrittenJson.Read(Path.GetFileName(path), File.ReadAllBytes(path)),
            "number", "refund_number", "refunded", "amount", "unit", "kind", "payment_words", "refund_words",
            "revoke_words",
            "negative_refunds", "fee", "negative_fees", "positive_refund_fees", "status", "success_words",
            "not_done_words", "at", "reference", "merchant", "encoding", "separator");
        var known = new OrderMapping { Number = said.Required("number"), Amount = said.Required("amount") };
        var mapping = known with
        {
            RefundNumber = said.Text("refund_number"), Refunded = said.Text("refunded"),
            Unit = said.OneOf("unit", ("yuan", AmountUnit.Yuan), ("fen", AmountUnit.Fen)),
            Kind = said.Text("kind"), PaymentWords = said.Texts("payment_words") ?? known.PaymentWords,
            RefundWords = said.Texts("refund_words") ?? known.RefundWords,
            RevokeWords = said.Texts("revoke_words") ?? known.RevokeWords,
            NegativeRefunds = said.Flag("negative_refunds") ?? false, Fee = said.Text("fee"),
            NegativeFees = said.Flag("negative_fees") ?? false,
            PositiveRefundFees = said.Flag("positive_refund_fees") ?? false,
            Status = said.Text("status"), SuccessWords = said.Texts("success_words") ?? known.SuccessWords,
            NotDoneWords = said.Texts("not_done_words"), At = said.Text("at"), Reference = said.Text("reference"),
            Merchant = said.Text("merchant"),
            Encoding = said.OneOf("encoding", ("utf-8", OrderEncoding.Utf8), ("gb18030", OrderEncoding.Gb18030)),
            Separator = said.Text("separator") switch
            {
                null => ',',
                [var separator] => separator,
                _ => throw said.Wrong("separator", "one character is expected"),
            },
        };
        MustTellApart(
            said, ("payment_words", mapping.PaymentWords), ("refund_words", mapping.RefundWords),
            ("revoke_words", mapping.RevokeWords));
        MustTellApart(said, ("success_words", mapping.SuccessWords), ("not_done_words", mapping.NotDoneWords ?? []));
        return mapping;
    }

    // One word in two lists would silently count as what is asked first.
    private static void MustTellApart(
        WrittenMembers said, params (string Name, ValueList<string> Words)[] lists)
    {
        foreach (var (at, list) in lists.Index().Reverse())
            foreach (var other in lists[..at].Reverse())
                if (list.Words.FirstOrDefault(other.Words.Contains) is { } word)
                    throw said.Texts(list.Name) is null ? Twice(other.Name, word, list)
                        : Twice(list.Name, word, other);

        InvalidDataException Twice(string name, string word, (string Name, ValueList<string> Words) other)
        {
            var unsaid = said.Texts(other.Name) is null
                ? $", which are {string.Join(", ", other.Words)} unless it says others"
                : "";
            return said.Wrong(name, $"{word} stands in {other.Name}, too{unsaid}");
        }
    }

    // Most exports need none of these.
    private static bool? Set(bool flag) => flag ? true : null;

    private static string[]? Words(string? column, ValueList<string> words) => column is null ? null : [.. words];

    private sealed record Shape
    {
        public required string Number { get; init; }
        public string? RefundNumber { get; init; }
        public required string Amount { get; init; }
        public string? Refunded { get; init; }
        public string? Unit { get; init; }
        public string? Kind { get; init; }
        public string[]? PaymentWords { get; init; }
        public string[]? RefundWords { get; init; }
        public string[]? RevokeWords { get; init; }
        public bool? NegativeRefunds { get; init; }
        public string? Fee { get; init; }
        public bool? NegativeFees { get; init; }
        public bool? PositiveRefundFees { get; init; }
        public string? Status { get; init; }
        public string[]? SuccessWords { get; init; }
        public string[]? NotDoneWords { get; init; }
        public string? At { get; init; }
        public string? Reference { get; init; }
        public string? Merchant { get; init; }
        public string? Encoding { get; init; }
        public string? Separator { get; init; }
    }
}
