using System.Text.Encodings.Web;
using System.Text.Json;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Cli;

/// <summary>JSON for programs, of files: Chinese as it is, lines ended alike on every system.</summary>
internal static class PlainJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(object told) => JsonSerializer.Serialize(told, Options);

    /// <summary>Why a file is refused, and where.</summary>
    public static object Refused(BillRejectedException refused) => new
    {
        Code = SnakeCase.Of($"{refused.Code}"), refused.File, refused.Line, refused.Column, refused.Expected,
    };
}
