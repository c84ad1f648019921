using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>A certificate that an authority's own authority has signed, as nearly all are that are bought.</summary>
public sealed class FaceCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-certificate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("fullchain.pem", "key.pem")]
    [InlineData("both.pem", null)]
    [InlineData("chain.p12", null)]
    public async Task A_client_that_trusts_the_root_only_finds_its_way_from_the_certificate(string file, string? key)
    {
        using var root = Authority("CN=Root", null);
        using var between = Authority("CN=Between", root);
        using var leaf = Leaf(between);
        Write(leaf, between);
        await using var face = new DisposableFace(new()
        {
            CertificateFile = Path.Combine(_folder, file), KeyFile = key is null ? null : Path.Combine(_folder, key),
        });
        await face.Face.InitializeAsync();

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, face.Face.Address("https").Port);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            },
        });
        tls.IsAuthenticated.ShouldBeTrue();
    }

    private void Write(X509Certificate2 leaf, X509Certificate2 between)
    {
        var chain = $"{leaf.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n";
        var key = leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        File.WriteAllText(Path.Combine(_folder, "fullchain.pem"), chain);
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key);
        File.WriteAllText(Path.Combine(_folder, "both.pem"), $"{key}\n{chain}");
        using var alone = X509CertificateLoader.LoadCertificate(between.RawData);
        File.WriteAllBytes(
            Path.Combine(_folder, "chain.p12"),
            new X509Certificate2Collection { alone, leaf }.Export(X509ContentType.Pkcs12)!);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? signer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        asked.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return signer is null ? asked.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(9)) : Signed(asked, signer, key);
    }

    private static X509Certificate2 Leaf(X509Certificate2 signer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        asked.CertificateExtensions.Add(names.Build());
        return Signed(asked, signer, key);
    }

    private static X509Certificate2 Signed(CertificateRequest asked, X509Certificate2 signer, ECDsa key)
    {
        using var bare = asked.Create(signer, Now.AddDays(-1), Now.AddDays(8), RandomNumberGenerator.GetBytes(12));
        return bare.CopyWithPrivateKey(key);
    }

    private sealed class DisposableFace(FaceUnderTest face) : IAsyncDisposable
    {
        public FaceUnderTest Face => face;

        public async ValueTask DisposeAsync() => await face.DisposeAsync();
    }
}
