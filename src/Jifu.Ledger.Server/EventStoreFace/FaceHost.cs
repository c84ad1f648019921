using System.Net.Sockets;
using Jifu.Ledger.Server.Composition;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>Listens for EventStoreDB's clients, on ports of its own: nothing of the API is reached there, nor of this
/// through the API.</summary>
internal sealed partial class FaceHost(
    FaceSettings settings, FaceCalls calls, HomeFolder home, ILoggerFactory loggers, ILogger<FaceHost> logger)
    : IHostedService
{
    // Of one connection at once.
    private const int CallsMax = 100;

    // Of one call. A message comes in by so much in each round trip.
    private const int UnreadBytesMax = 128 << 10;

    private WebApplication? _listening;

    /// <summary>Where it listens, with the ports that it was given.</summary>
    public ICollection<string> Urls => _listening?.Urls ?? [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Listen);
        _listening = builder.Build();
        _listening.Run(calls.Answer);
        try
        {
            await _listening.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException })
        {
            throw new InvalidOperationException(
                $"{FaceSettings.UrlsName}: nothing can listen on {string.Join(';', settings.Addresses)}: {e.Message}",
                e);
        }

        foreach (var url in Urls)
            LogListens(logger, url);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listening is null)
            return;
        calls.Stop();
        await _listening.StopAsync(cancellationToken);
        await _listening.DisposeAsync();
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 256;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);

        // A call lasts as long as its client likes, and each message in it is bounded. Whoever is slow is waited for,
        // whoever is gone answers no ping.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);

        // Calls that wait for room leave unread what has come for them; the others of their connection go on, for what
        // the connection takes is more than all its calls together can leave.
        kestrel.Limits.Http2.MaxStreamsPerConnection = CallsMax;
        kestrel.Limits.Http2.InitialStreamWindowSize = UnreadBytesMax;
        kestrel.Limits.Http2.InitialConnectionWindowSize = (CallsMax + 1) * UnreadBytesMax;

        ShownCertificate? certificate = null;
        foreach (var address in settings.Addresses)
        {
            if (FaceSettings.ListensOnAll(address))
                kestrel.ListenAnyIP(address.Port, Speak);
            else
                kestrel.Listen(FaceSettings.ListensOn(address), address.Port, Speak);

            void Speak(ListenOptions listen)
            {
                // Without TLS nobody can say which of the two he speaks, and HTTP/1.1 is refused before it comes here.
                var isHttps = address.Scheme == "https";
                listen.Protocols = isHttps ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2;
                if (isHttps)
                    listen.UseHttps(https => Show(https, certificate ??= FaceCertificate.Get(settings, home)));
            }
        }
    }

    private static void Show(HttpsConnectionAdapterOptions https, ShownCertificate certificate) =>
        (https.ServerCertificate, https.ServerCertificateChain) = (certificate.Own, certificate.Between);

    [LoggerMessage(LogLevel.Information, "EventStoreDB's clients are answered at {Url}")]
    private static partial void LogListens(ILogger logger, string url);
}
