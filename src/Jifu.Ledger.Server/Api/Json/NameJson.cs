using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>Currencies by their ISO 4217 letters, in capitals.</summary>
internal sealed class CurrencyJson : JsonConverter<Currency>
{
    public static readonly string[] Names =
        [.. Enum.GetValues<Currency>().Where(known => known != Currency.None).Select(known => $"{known}")];

    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && Names.Contains(reader.GetString()))
            return Enum.Parse<Currency>(reader.GetString()!);
        throw new CodedJsonException("currency_unknown", $"must be one of {string.Join(", ", Names)}");
    }

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"{value}");
}

/// <summary>Channels by their names: <c>sandbox</c>, <c>wechatpay</c>.</summary>
internal sealed class ChannelJson : JsonConverter<Channel>
{
    public static readonly string[] Names =
        [.. Enum.GetValues<Channel>().Where(known => known != Channel.None).Select(known => known.Name())];

    public override Channel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && ChannelNames.TryParse(reader.GetString(), out var channel))
            return channel;
        throw new CodedJsonException("field_invalid", $"must be one of {string.Join(", ", Names)}");
    }

    public override void Write(Utf8JsonWriter writer, Channel value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name());
}

/// <summary>Business days as <c>yyyy-MM-dd</c>.</summary>
internal sealed class BusinessDayJson : JsonConverter<BusinessDay>
{
    public override BusinessDay Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && BusinessDay.TryParse(reader.GetString(), out var day))
            return day;
        throw new CodedJsonException("field_invalid", "must be a day written yyyy-MM-dd");
    }

    public override void Write(Utf8JsonWriter writer, BusinessDay value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"{value}");
}

/// <summary>A moment as the clocks of Shanghai show it, wherever it comes from: views keep it without a zone.</summary>
internal sealed class MomentJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToOffset(BusinessDay.Offset));
}
