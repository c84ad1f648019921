using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Nodes;

/// <summary>Certificates: the node's, which must be one that we trust and of its name, and our own.</summary>
public sealed class TlsTests : PlayedServerTests, IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jifu-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_node_whose_certificate_is_trusted_is_spoken_to()
    {
        using var certificate = Made("127.0.0.1");
        await using var node = await PlayedNode.Start(null, certificate);
        var trusted = Written("ca.pem", certificate.ExportCertificatePem());
        var log = OpenAt($"esdb://127.0.0.1:{node.Port}?tlsCaFile={trusted}");
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    [Theory]
    [InlineData("127.0.0.1", false, "UntrustedRoot")]
    [InlineData("elsewhere.example", true, "RemoteCertificateNameMismatch")]
    public async Task Why_a_nodes_certificate_does_not_do_is_told(string name, bool isTrusted, string why)
    {
        using var certificate = Made(name);
        await using var node = await PlayedNode.Start(null, certificate);
        var trusted = Written("ca.pem", (isTrusted ? certificate : Made("ca")).ExportCertificatePem());
        foreach (var scheme in new[] { "esdb", "esdb+discover" })
            (await Should.ThrowAsync<EventLogUnavailableException>(OpenAt(
                $"{scheme}://127.0.0.1:{node.Port}?tlsCaFile={trusted}&defaultDeadline=3000&maxDiscoverAttempts=2")
                .Head(default))).Message.ShouldContain(why);
    }

    [Theory]
    [InlineData("tlsCaFile=nothing.pem", "tlsCaFile=nothing.pem: it holds no certificate in PEM")]
    [InlineData("tlsCaFile=ca.der", "tlsCaFile=ca.der: it holds no certificate in PEM")]
    [InlineData("tlsCaFile=broken.pem", "tlsCaFile=broken.pem: it holds no certificate in PEM")]
    [InlineData("userCertFile=a.pem&userKeyFile=b.key", "userCertFile=a.pem, userKeyFile=b.key: they are no")]
    [InlineData("userCertFile=broken.pem&userKeyFile=b.key", "userCertFile=broken.pem, userKeyFile=b.key: they are no")]
    [InlineData("userCertFile=b.pem&userKeyFile=broken.pem", "userCertFile=b.pem, userKeyFile=broken.pem: they are no")]
    [InlineData("userCertFile=b.pem&userKeyFile=nothing.pem", "userCertFile=b.pem, userKeyFile=nothing.pem: they are")]
    public void A_file_that_does_not_do_is_refused_by_its_name(string options, string why)
    {
        using var a = Made("a");
        using var b = Made("b");
        Written("nothing.pem", "");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "ca.der"), a.RawData);
        Written("broken.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        Written("a.pem", a.ExportCertificatePem());
        Written("b.pem", b.ExportCertificatePem());
        Written("b.key", b.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var here = options.Replace("File=", $"File={_folder.FullName}/");
        Should.Throw<FormatException>(() => EventStoreDbSettings.Parse($"esdb://h?{here}"))
            .Message.Replace($"{_folder.FullName}/", "").ShouldContain(why);
    }

    [Fact]
    public void A_certificate_with_its_key_is_ours()
    {
        using var own = Made("till-7");
        var (certificate, key) = (Written("own.pem", own.ExportCertificatePem()),
            Written("own.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        var settings = EventStoreDbSettings.Parse(
            $"esdb://h?user_cert_file={certificate}&userKeyFile={key}&tlsCaFile={certificate}");
        settings.OwnCertificate!.HasPrivateKey.ShouldBeTrue();
        settings.Authorities!.Single().Subject.ShouldBe("CN=till-7");
    }

    private string Written(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static X509Certificate2 Made(string name)
    {
        var request = new CertificateRequest(
            $"CN={name}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(8));
    }
}
