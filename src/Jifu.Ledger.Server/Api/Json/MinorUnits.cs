using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>An amount in a request: an integer of minor units, 0 to 2^53-1, written without fraction or
/// exponent.</summary>
[JsonConverter(typeof(MinorUnitsJson))]
internal readonly record struct MinorUnits(long Value)
{
    public Money Of(Currency currency) => new(Value, currency);
}

/// <summary>Reads amounts and says what is wrong with one.</summary>
internal sealed class MinorUnitsJson : JsonConverter<MinorUnits>
{
    public override MinorUnits Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw new CodedJsonException("amount_malformed", "must be a number, not a text or another value");
        var digits = Encoding.ASCII.GetString(
            reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        if (digits.AsSpan().ContainsAny(".eE"))
            throw new CodedJsonException("amount_malformed", $"must be a whole number of minor units, not {digits}");
        return reader.TryGetInt64(out var value) && value is >= 0 and <= Money.LargestMinorUnits && digits[0] != '-'
            ? new(value)
            : throw new CodedJsonException("amount_out_of_range", $"must lie between 0 and {Money.LargestMinorUnits}");
    }

    public override void Write(Utf8JsonWriter writer, MinorUnits value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
