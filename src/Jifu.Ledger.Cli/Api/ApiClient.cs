using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Cli.Api;

/// <summary>What the API answered.</summary>
/// <param name="Body">The answer's JSON; null when it has none.</param>
internal sealed record ApiReply(HttpStatusCode Status, JsonNode? Body, byte[] Content, string? FileName)
{
    public bool Ok => (int)Status is >= 200 and < 300;

    /// <summary>The problem's stable code; null when it is no problem.</summary>
    public string? Code => Ok ? null : Body?["code"]?.GetValue<string>() ?? $"http_{(int)Status}";

    /// <summary>With 2 when something is named that is not there or cannot be understood, otherwise with 1.</summary>
    public int ExitCode => Ok ? ExitCodes.Fine
        : Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound ? ExitCodes.Usage
        : ExitCodes.Wrong;

    /// <param name="what">What was done when it was asked for, for people.</param>
    /// <exception cref="CommandFailedException">It is a problem.</exception>
    public JsonNode Must(string what) => Ok && Body is not null
        ? Body
        : throw new CommandFailedException(Ok ? ExitCodes.Wrong : ExitCode, $"{Code}: {Body?["detail"]} ({what})");
}

/// <summary>Talks to the API with one key, and keeps on when the server goes away for a while: each call can be
/// repeated.</summary>
/// <param name="patience">For how long it keeps on.</param>
internal sealed class ApiClient(
    HomeFiles home, Uri? server, RequestSigner? signer, HttpClient http, TimeSpan patience)
{
    private readonly Lock _signing = new();

    public ApiClient With(RequestSigner other) => new(home, server, other, http, patience);

    public Task<ApiReply> Get(string path, CancellationToken cancellation) =>
        Send(HttpMethod.Get, path, [], null, cancellation);

    /// <param name="key">The Idempotency-Key; null for calls that need none.</param>
    public Task<ApiReply> Post(string path, object? body, string? key, CancellationToken cancellation) =>
        Send(
            HttpMethod.Post, path, body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, Json), key,
            cancellation);

    public Task<ApiReply> Put(string path, object body, CancellationToken cancellation) =>
        Send(HttpMethod.Put, path, JsonSerializer.SerializeToUtf8Bytes(body, Json), null, cancellation);

    public Task<ApiReply> PostFile(string path, byte[] content, CancellationToken cancellation) =>
        Send(HttpMethod.Post, path, content, null, cancellation);

    public Task<ApiReply> Delete(string path, CancellationToken cancellation) =>
        Send(HttpMethod.Delete, path, [], null, cancellation);

    private Task<ApiReply> Send(
        HttpMethod method, string path, byte[] content, string? key, CancellationToken cancellation) =>
        Patiently(method, path, () => Once(method, path, content, key, cancellation), cancellation);

    private async Task<ApiReply> Patiently(
        HttpMethod method, string path, Func<Task<ApiReply>> once, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            string trouble;
            try
            {
                var reply = await once();
                if (reply is { Ok: false, Body: null, Code: not "http_503" })
                    throw new CommandFailedException(
                        ExitCodes.Unreachable,
                        $"{server ?? home.Server()} answers {method} {path} with {(int)reply.Status} and does not say "
                        + "why: that is no API of Jifu Ledger, or something stands before it.");
                if (reply.Code is not ("unavailable" or "overloaded" or "request_in_progress" or "http_503"))
                    return reply;
                trouble = $"answers {method} {path} with {reply.Code}: {reply.Body?["detail"]}";
            }
            catch (Exception e) when (e is HttpRequestException or IOException
                || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                trouble = $"does not answer {method} {path}: {e.Message}";
            }

            if (TimeProvider.System.GetElapsedTime(began) > patience)
                throw new CommandFailedException(
                    ExitCodes.Unreachable, $"{server ?? home.Server()} {trouble}");
            await Task.Delay(pause, TimeProvider.System, cancellation);
            pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 2, 2000));
        }
    }

    /// <summary>An answer of any length that comes as a line of JSON after another. It is not asked for again once it
    /// has begun.</summary>
    /// <param name="refused">Told a problem instead of lines.</param>
    public async IAsyncEnumerable<JsonNode> Lines(
        string path, Action<ApiReply> refused, [EnumeratorCancellation] CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        var reply = await Patiently(HttpMethod.Get, path, async () =>
        {
            response?.Dispose();
            using var request = Request(HttpMethod.Get, path, [], null);
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode
                ? new(response.StatusCode, null, [], null)
                : await Read(response, cancellation);
        }, cancellation);
        using var answer = response!;
        if (!reply.Ok)
        {
            refused(reply);
            yield break;
        }

        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
            yield return JsonNode.Parse(line)!;
    }

    private async Task<ApiReply> Once(
        HttpMethod method, string path, byte[] content, string? key, CancellationToken cancellation)
    {
        using var request = Request(method, path, content, key);
        using var response = await http.SendAsync(request, cancellation);
        return await Read(response, cancellation);
    }

    /// <summary>Writes a large answer to a stream as it comes. It is not asked for again: what broke off is of no
    /// use.</summary>
    /// <returns>Without content, when it is no problem.</returns>
    /// <exception cref="CommandFailedException">It broke off.</exception>
    public async Task<ApiReply> Download(string path, Stream target, CancellationToken cancellation)
    {
        try
        {
            using var request = Request(HttpMethod.Get, path, [], null);
            using var response = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
                return await Read(response, cancellation);
            await response.Content.CopyToAsync(target, cancellation);
            return new(response.StatusCode, null, [], response.Content.Headers.ContentDisposition?.FileName);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException
            || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CommandFailedException(ExitCodes.Unreachable, $"The download broke off: {e.Message}");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[] content, string? key)
    {
        // Asked for each time: a server that was started again may listen elsewhere.
        var at = server ?? home.Server() ?? throw new HttpRequestException("no server runs: start ./scripts/run");
        var request = new HttpRequestMessage(method, new Uri(at, path));
        if (content.Length > 0)
        {
            request.Content = new ByteArrayContent(content);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (signer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", Signature(method, path, content));
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return request;
    }

    private static async Task<ApiReply> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var isJson = type.EndsWith("json", StringComparison.Ordinal);
        return new(
            response.StatusCode, isJson && bytes.Length > 0 ? JsonNode.Parse(bytes) : null, bytes,
            response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
    }

    private string Signature(HttpMethod method, string path, byte[] content)
    {
        lock (_signing)
            return signer!.Header(method.Method, path, content);
    }

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}
