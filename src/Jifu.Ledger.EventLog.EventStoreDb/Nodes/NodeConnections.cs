using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>The HTTP/2 connections to all nodes: kept alive by pings, with TLS as the settings say.</summary>
internal static class NodeConnections
{
    private const int WindowBytes = 1 << 20;

    public static HttpMessageInvoker Open(EventStoreDbSettings settings)
    {
        // Pings also while no call is under way: a dead node is noticed before the next append.
        var sockets = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = settings.GossipTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = WindowBytes,
            KeepAlivePingDelay = settings.KeepAliveInterval,
            KeepAlivePingTimeout = settings.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        if (settings.Tls)
            sockets.SslOptions = Tls(settings);
        return new(sockets);
    }

    private static SslClientAuthenticationOptions Tls(EventStoreDbSettings settings)
    {
        var tls = new SslClientAuthenticationOptions();
        if (!settings.TlsVerifyCert)
#pragma warning disable CA5359 // Asked for in so many words: tlsVerifyCert=false.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (settings.Authorities is { } authorities)
            tls.CertificateChainPolicy = OnlyBy(authorities);
        if (settings.OwnCertificate is { } own)
            tls.ClientCertificates = [own];
        return tls;
    }

    private static X509ChainPolicy OnlyBy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
