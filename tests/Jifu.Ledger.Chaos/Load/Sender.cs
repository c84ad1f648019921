using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Chaos.Load;

/// <summary>What came back.</summary>
/// <param name="Status">0 when nothing did.</param>
/// <param name="RetryAfter">In seconds, when the answer says so.</param>
internal sealed record Reply(int Status, byte[] Content, TimeSpan Took, int? RetryAfter)
{
    public bool Ok => Status is >= 200 and < 300;

    /// <summary>A text at the top of the JSON body; null when it is not there.</summary>
    public string? this[string name] =>
        Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value)
            ? value.ToString() : null;

    public JsonElement? Json
    {
        get
        {
            try
            {
                return JsonDocument.Parse(Content).RootElement;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public override string ToString() => $"{Status} {(Ok ? "" : this["code"])}".TrimEnd();
}

/// <summary>Sends signed requests, as a merchant's own server does.</summary>
internal sealed class Sender(Uri url) : IDisposable
{
    public static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5), MaxConnectionsPerServer = 4096,
    })
    {
        BaseAddress = url, Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Never throws for what the other side does: no answer is an answer too.</summary>
    public async Task<Reply> Send(
        RequestSigner signer, string method, string target, object? body = null, string? key = null)
    {
        var content = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, Snake);
        using var request = new HttpRequestMessage(new(method), target);
        if (body is not null)
            request.Content = new ByteArrayContent(content) { Headers = { ContentType = new("application/json") } };
        request.Headers.TryAddWithoutValidation("Authorization", signer.Header(method, target, content));
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        var since = Stopwatch.StartNew();
        try
        {
            using var response = await _http.SendAsync(request);
            var read = await response.Content.ReadAsByteArrayAsync();
            return new(
                (int)response.StatusCode, read, since.Elapsed,
                response.Headers.RetryAfter?.Delta is { } delta ? (int)delta.TotalSeconds : null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(0, [], since.Elapsed, null);
        }
    }

    /// <summary>The same request as bytes, for whoever has a socket and little patience.</summary>
    public static byte[] OnTheWire(
        RequestSigner signer, string method, string target, object? body = null, string? key = null)
    {
        var content = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, Snake);
        var head = $"{method} {target} HTTP/1.1\r\nHost: ledger\r\n"
            + $"Authorization: {signer.Header(method, target, content)}\r\n"
            + (key is null ? "" : $"Idempotency-Key: {key}\r\n")
            + (body is null ? "" : "Content-Type: application/json\r\n")
            + FormattableString.Invariant($"Content-Length: {content.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. content];
    }

    public void Dispose() => _http.Dispose();
}
