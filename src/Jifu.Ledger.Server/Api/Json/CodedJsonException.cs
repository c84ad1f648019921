using System.Text.Json;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>A value that a converter refuses, with the code that the API answers. The serializer adds where.</summary>
internal sealed class CodedJsonException(string code, string message) : JsonException(message)
{
    public string Code => code;
}
