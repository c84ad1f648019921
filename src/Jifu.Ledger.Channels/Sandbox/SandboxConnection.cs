using System.Net;
using System.Net.Http.Headers;

namespace Jifu.Ledger.Channels.Sandbox;

/// <summary>The way to the sandbox channel: requests that are signed, and answers that may not come.</summary>
/// <param name="http">Its base address is the sandbox's; its own timeout should be longer than ours.</param>
/// <param name="secret">Shared with the channel: it signs our requests and the channel's notices.</param>
/// <param name="system">The system's clock, not the sandbox's: signatures are about machines.</param>
/// <param name="timeout">How long an answer may take before it counts as lost; 5 seconds will do.</param>
public sealed class SandboxConnection(HttpClient http, string secret, TimeProvider system, TimeSpan timeout)
{
    internal bool IsGenuineNotice(string timestamp, string nonce, string signature, ReadOnlySpan<byte> body) =>
        SandboxSignature.IsGenuineNotice(secret, timestamp, nonce, signature, body, system.GetUtcNow());

    internal Task<SandboxReply> Get(string path, CancellationToken cancellation) =>
        Send(HttpMethod.Get, path, [], cancellation);

    internal Task<SandboxReply> Post<T>(string path, T message, CancellationToken cancellation) =>
        Send(HttpMethod.Post, path, SandboxJson.Write(message), cancellation);

    /// <summary>Posts nothing but the path itself.</summary>
    internal Task<SandboxReply> Post(string path, CancellationToken cancellation) =>
        Send(HttpMethod.Post, path, [], cancellation);

    private async Task<SandboxReply> Send(
        HttpMethod method, string path, byte[] body, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, system);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var request = Signed(method, path, body);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            var name = response.Content.Headers.ContentDisposition?.FileName?.Trim('"');
            return new(response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token), name, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SandboxReply.Nothing($"No answer within {timeout.TotalSeconds} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return SandboxReply.Nothing($"No answer: {e.Message}");
        }
    }

    private HttpRequestMessage Signed(HttpMethod method, string path, byte[] body)
    {
        var request = new HttpRequestMessage(method, new Uri(http.BaseAddress!, path));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            SandboxSignature.Scheme,
            SandboxSignature.ForRequest(
                secret, method.Method, request.RequestUri!.PathAndQuery, body, system.GetUtcNow()));
        if (method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }

        return request;
    }
}

/// <summary>What came back.</summary>
/// <param name="Status">Null when nothing came back.</param>
/// <param name="FileName">Of an answer that is a file.</param>
/// <param name="Lost">Why nothing came back; null when something did.</param>
internal sealed record SandboxReply(HttpStatusCode? Status, byte[] Body, string? FileName, string? Lost)
{
    public static SandboxReply Nothing(string reason) => new(null, [], null, reason);

    /// <summary>200 says how it stands, 422 is a final no and 404 says that nobody knows it, each in the channel's
    /// own words. Anything else, by whoever stands in between, is no answer of the business.</summary>
    public SandboxResult? Result =>
        Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound
            ? SandboxJson.Read<SandboxResult>(Body)
            : null;

    public string Unclear => Lost ?? $"An unclear answer with status {(int)Status!.Value}.";
}
