using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>A mapping as a small JSON file that people can write.</summary>
public static class MappingFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, ReadCommentHandling = JsonCommentHandling.Skip,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowTrailingCommas = true,
        RespectRequiredConstructorParameters = false,
    };

    public static string Write(OrderMapping mapping) => JsonSerializer.Serialize(
        new Shape
        {
            Number = mapping.Number, Amount = mapping.Amount, Unit = SnakeCase.Of($"{mapping.Unit}"),
            Kind = mapping.Kind, PaymentWords = Words(mapping.Kind, mapping.PaymentWords),
            RefundWords = Words(mapping.Kind, mapping.RefundWords),
            RevokeWords = Words(mapping.Kind, mapping.RevokeWords), NegativeRefunds = mapping.NegativeRefunds,
            Fee = mapping.Fee, Status = mapping.Status, SuccessWords = Words(mapping.Status, mapping.SuccessWords),
            At = mapping.At, Reference = mapping.Reference, Merchant = mapping.Merchant,
            Encoding = mapping.Encoding is OrderEncoding.Gb18030 ? "gb18030" : "utf-8",
            Separator = $"{mapping.Separator}",
        },
        Json) + "\n";

    /// <exception cref="InvalidDataException">It is not such a file; the message says the line and what is
    /// wrong.</exception>
    public static OrderMapping Read(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            var shape = JsonSerializer.Deserialize<Shape>(File.ReadAllText(path), Json)
                ?? throw new InvalidDataException($"{name}: an object is expected.");
            return Mapping(shape, name);
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(
                $"{name}:{wrong.LineNumber + 1}:{wrong.BytePositionInLine + 1}: {wrong.Path}: a mapping file is "
                + "expected; docs/reference/cli.md has one. " + wrong.Message, wrong);
        }
    }

    private static OrderMapping Mapping(Shape shape, string name)
    {
        var known = new OrderMapping { Number = shape.Number, Amount = shape.Amount };
        return known with
        {
            Unit = OneOf(name, "unit", shape.Unit ?? "yuan",
                ("yuan", AmountUnit.Yuan), ("fen", AmountUnit.Fen)),
            Kind = shape.Kind, PaymentWords = shape.PaymentWords?.ToValueList() ?? known.PaymentWords,
            RefundWords = shape.RefundWords?.ToValueList() ?? known.RefundWords,
            RevokeWords = shape.RevokeWords?.ToValueList() ?? known.RevokeWords,
            NegativeRefunds = shape.NegativeRefunds ?? false, Fee = shape.Fee, Status = shape.Status,
            SuccessWords = shape.SuccessWords?.ToValueList() ?? known.SuccessWords, At = shape.At,
            Reference = shape.Reference, Merchant = shape.Merchant,
            Encoding = OneOf(name, "encoding", shape.Encoding ?? "utf-8",
                ("utf-8", OrderEncoding.Utf8), ("gb18030", OrderEncoding.Gb18030)),
            Separator = shape.Separator is null or [_] ? shape.Separator?[0] ?? ','
                : throw new InvalidDataException($"{name}: separator: one character is expected."),
        };
    }

    private static T OneOf<T>(string name, string field, string word, params ReadOnlySpan<(string Word, T Value)> all)
    {
        foreach (var (known, value) in all)
            if (known == word)
                return value;
        throw new InvalidDataException($"{name}: {field}: {all[0].Word} or {all[1].Word} is expected; found {word}.");
    }

    private static string[]? Words(string? column, ValueList<string> words) => column is null ? null : [.. words];

    private sealed record Shape
    {
        public required string Number { get; init; }
        public required string Amount { get; init; }
        public string? Unit { get; init; }
        public string? Kind { get; init; }
        public string[]? PaymentWords { get; init; }
        public string[]? RefundWords { get; init; }
        public string[]? RevokeWords { get; init; }
        public bool? NegativeRefunds { get; init; }
        public string? Fee { get; init; }
        public string? Status { get; init; }
        public string[]? SuccessWords { get; init; }
        public string? At { get; init; }
        public string? Reference { get; init; }
        public string? Merchant { get; init; }
        public string? Encoding { get; init; }
        public string? Separator { get; init; }
    }
}
