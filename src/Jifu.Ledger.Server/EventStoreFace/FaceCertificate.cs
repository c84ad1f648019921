using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>What a server shows: its certificate, and those between it and the root, of which clients know
/// nothing.</summary>
internal sealed record ShownCertificate(X509Certificate2 Own, X509Certificate2Collection Between);

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
    public static ShownCertificate Get(FaceSettings settings, HomeFolder home)
    {
        if (settings.CertificateFile is { } file)
            return Configured(file, settings.KeyFile);
        if (home.ReadText(ServerFile) is { } kept && Usable(FromPem(kept, kept)) is { } certificate)
            return new(certificate, []);
        return new(Make(home), []);
    }

    private static ShownCertificate Configured(string file, string? keyFile)
    {
        var bytes = Read(FaceSettings.CertificateName, file, File.ReadAllBytes);
        var key = Read(FaceSettings.KeyName, keyFile ?? file, File.ReadAllText);
        try
        {
            var all = new X509Certificate2Collection();
            if (Path.GetExtension(file) is ".pfx" or ".p12")
            {
                all.AddRange(X509CertificateLoader.LoadPkcs12Collection(bytes, null));
                return Shown(all.FirstOrDefault(one => one.HasPrivateKey)
                    ?? throw new CryptographicException("There is no private key."), all);
            }

            var text = Encoding.UTF8.GetString(bytes);
            all.ImportFromPem(text);
            return Shown(FromPem(text, key), all);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"{FaceSettings.CertificateName}: {file} holds no certificate with its private key: {e.Message}", e);
        }
    }

    private static ShownCertificate Shown(X509Certificate2 own, X509Certificate2Collection all) =>
        new(own, [.. all.Where(one => !one.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span))]);

    private static T Read<T>(string setting, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{setting}: {file} cannot be read: {e.Message}", e);
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
