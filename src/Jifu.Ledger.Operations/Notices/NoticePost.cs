using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Posts one notice and reads the answer. Follows no redirect, keeps no cookie, uses no proxy, and connects
/// only where the guard lets it.</summary>
internal sealed class NoticePost : IDisposable
{
    private const int ExcerptLengthMax = 500;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly AddressGuard _guard;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public NoticePost(AddressGuard guard, TimeProvider clock)
    {
        (_guard, _clock) = (guard, clock);
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = Timeout,
            MaxResponseHeadersLength = 16,

            // A name that moves is looked up, and looked at, again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = async (context, cancel) => await guard.Connect(context.DnsEndPoint, cancel),
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _http.Dispose();

    public async Task<NoticeAnswer> Send(
        string url, string id, byte[] body, byte[] secret, CancellationToken cancellation)
    {
        if (_guard.Refusal(url) is { } refusal)
            return NoticeAnswer.Refused(refusal);
        using var limit = new CancellationTokenSource(Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = Request(url, id, body, secret);
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await Answer(response, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return NoticeAnswer.None("timeout");
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is AddressRefusedException refused
                ? NoticeAnswer.Refused(refused.Code)
                : NoticeAnswer.None(Reason(e));
        }
    }

    private HttpRequestMessage Request(string url, string id, byte[] body, byte[] secret)
    {
        var seconds = _clock.GetUtcNow().ToUnixTimeSeconds();
        return new(HttpMethod.Post, url)
        {
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", NoticeSignature.Of(secret, id, seconds, body) },
                { "user-agent", "Jifu-Ledger" },
            },
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
    }

    private async Task<NoticeAnswer> Answer(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? (asked?.Date is { } date ? date - _clock.GetUtcNow() : null);
        var error = status is >= 300 and < 400 ? "redirect" : null;
        return new(status, await Excerpt(response.Content, cancellation), error, wait);
    }

    // The status has already said how it went: a body that breaks off, or never ends, changes nothing.
    private static async Task<string> Excerpt(HttpContent content, CancellationToken cancellation)
    {
        var bytes = new byte[ExcerptLengthMax * 4];
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellation);
            length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
        }

        // PostgreSQL keeps no zero character.
        var text = Encoding.UTF8.GetString(bytes, 0, length).Replace('\0', '\uFFFD');
        return text.Length <= ExcerptLengthMax ? text : text[..Whole(text)];
    }

    private static int Whole(string text) =>
        char.IsHighSurrogate(text[ExcerptLengthMax - 1]) ? ExcerptLengthMax - 1 : ExcerptLengthMax;

    private static string Reason(HttpRequestException e) => e switch
    {
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls_failed",
        { InnerException: SocketException { SocketErrorCode: var code } } when code is SocketError.HostNotFound
            or SocketError.NoData or SocketError.TryAgain => "name_not_resolved",
        { InnerException: SocketException } => "connection_failed",
        _ => "no_http_answer",
    };
}
