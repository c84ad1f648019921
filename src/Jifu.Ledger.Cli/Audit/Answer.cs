using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>What the audit commands make of the server's answers.</summary>
internal static class Answer
{
    public static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonSerializerOptions Readable = new(Compact) { WriteIndented = true };

    /// <summary>The answer's JSON.</summary>
    /// <exception cref="CommandFailedException">It is a problem: with 2 when something is named that is not there,
    /// otherwise with 1.</exception>
    public static JsonNode Required(ApiReply reply) => reply is { Ok: true, Body: { } body }
        ? body
        : throw new CommandFailedException(reply.ExitCode, $"{reply.Code}: {reply.Body?["detail"]}");

    /// <summary><c>?a=1&amp;b=2</c> of what is given.</summary>
    public static string Query(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var given = parameters.Where(one => one.Value is not null)
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}").ToList();
        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }

    public static long Number(this JsonNode node, string name) => node[name]!.GetValue<long>();

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    /// <summary>A count or a position as people read it: <c>1,234,567</c>.</summary>
    public static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>An amount in the currency's main unit, as people read it: <c>1,234.50</c>.</summary>
    public static string Amount(long minor, string currency) =>
        currency == nameof(Currency.JPY) ? Count(minor) : Terminal.Yuan(minor);

    /// <summary>The same with its sign: <c>+100.00</c>.</summary>
    public static string Change(long minor, string currency) => (minor > 0 ? "+" : "") + Amount(minor, currency);

    /// <summary>A moment of the API by Beijing time, to the millisecond, without its offset.</summary>
    public static string Time(this JsonNode node, string name) => node[name]!.GetValue<DateTimeOffset>()
        .ToOffset(BusinessDay.Offset).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
