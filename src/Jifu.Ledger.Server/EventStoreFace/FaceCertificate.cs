using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>The certificate for TLS: the configured one, or one for this machine that is made once and kept in the
/// home folder.</summary>
/// <remarks>Ours is signed by an authority whose key nobody keeps; clients take <c>eventstore-ca.pem</c> as their
/// <c>tlsCAFile</c>.</remarks>
internal static class FaceCertificate
{
    private const string ServerFile = "eventstore.pem";

    public const string AuthorityFile = "eventstore-ca.pem";

    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(3650);
    private static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(30);

    /// <exception cref="InvalidOperationException">The configured files hold no certificate with its key.</exception>
    public static X509Certificate2 Get(FaceSettings settings, HomeFolder home)
    {
        if (settings.CertificateFile is { } file)
            return Configured(file, settings.KeyFile);
        if (home.ReadText(ServerFile) is { } kept && Usable(FromPem(kept, kept)) is { } certificate)
            return certificate;
        return Make(home);
    }

    private static X509Certificate2 Configured(string file, string? keyFile)
    {
        try
        {
            if (Path.GetExtension(file) is ".pfx" or ".p12")
                return X509CertificateLoader.LoadPkcs12FromFile(file, null);
            return FromPem(File.ReadAllText(file), File.ReadAllText(keyFile ?? file));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException($"{file} holds no certificate with its private key: {e.Message}", e);
        }
    }

    // A key that came from PEM is only in memory, which not every platform's TLS takes.
    private static X509Certificate2 FromPem(string certificate, string key)
    {
        using var read = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2? Usable(X509Certificate2 certificate)
    {
        if (certificate.NotAfter.ToUniversalTime() - RenewedBefore > TimeProvider.System.GetUtcNow().UtcDateTime)
            return certificate;
        certificate.Dispose();
        return null;
    }

    private static X509Certificate2 Make(HomeFolder home)
    {
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest(
            "CN=Jifu Ledger of this machine", authorityKey, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        asked.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = asked.CreateSelfSigned(from, from + GoodFor);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = RequestFor(key).Create(authority, from, from + GoodFor, RandomNumberGenerator.GetBytes(12));
        home.WriteText(AuthorityFile, authority.ExportCertificatePem() + "\n");
        var pem = $"{signed.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        home.WriteText(ServerFile, pem);
        return FromPem(pem, pem);
    }

    private static CertificateRequest RequestFor(ECDsa key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        return request;
    }
}
