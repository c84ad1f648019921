using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>How requests and answers look in JSON: snake_case, strict, Chinese text readable.</summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Build();

    /// <summary>Our names in JSON: <c>MerchantOrderNo</c> is <c>merchant_order_no</c>.</summary>
    public static readonly JsonNamingPolicy Names = new HouseNames();

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = new HouseNames();
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = 16;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new CurrencyJson());
        options.Converters.Add(new ChannelJson());
        options.Converters.Add(new BusinessDayJson());
        options.Converters.Add(new MomentJson());
        options.Converters.Add(new JsonStringEnumConverter(new HouseNames(), allowIntegerValues: false));
    }

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class HouseNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => SnakeCase.Of(name);
    }
}
