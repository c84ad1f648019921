using System.Net;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>Where the log is offered over EventStoreDB's protocol.</summary>
/// <param name="Addresses">Plain HTTP/2 for <c>http</c>, on this machine only; TLS for <c>https</c>.</param>
/// <param name="CertificateFile">PEM or PKCS #12 with the certificate for TLS; null for one that we make.</param>
/// <param name="KeyFile">PEM with its private key, when that stands in a file of its own.</param>
internal sealed record FaceSettings(IReadOnlyList<BindingAddress> Addresses, string? CertificateFile, string? KeyFile)
{
    public const string UrlsName = "Jifu__EventStoreFace__Urls";
    public const string CertificateName = "Jifu__EventStoreFace__Certificate";
    public const string KeyName = "Jifu__EventStoreFace__CertificateKey";

    /// <summary>Null when the log is not offered.</summary>
    /// <exception cref="InvalidOperationException">An address does not do.</exception>
    public static FaceSettings? Read(IConfiguration configuration)
    {
        var face = configuration.GetSection("Jifu:EventStoreFace");
        return face["Urls"] is { Length: > 0 } urls
            ? new([.. urls.Split(';').Select(Checked)], Text("Certificate"), Text("CertificateKey"))
            : null;

        string? Text(string name) => face[name] is { Length: > 0 } text ? text : null;
    }

    /// <summary>True for all addresses of the machine, whichever kinds it has.</summary>
    public static bool ListensOnAll(BindingAddress address) => address.Host is "*" or "+";

    /// <summary>What to listen on; all addresses of the machine for <c>*</c>.</summary>
    public static IPAddress ListensOn(BindingAddress address) => address.Host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.IPv6Any,
        _ => IPAddress.Parse(address.Host),
    };

    // Keys go over the wire as they are.
    private static BindingAddress Checked(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var isOwn = IPAddress.IsLoopback(ListensOn(address));
            if (address.Port <= IPEndPoint.MaxPort
                && (address.Scheme == "https" || (address.Scheme == "http" && isOwn)))
                return address;
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new InvalidOperationException(
            $"{UrlsName}: {url} must be https://ADDRESS:PORT, or http:// on 127.0.0.1 or [::1]; "
            + "ADDRESS is a number, localhost or *.");
    }
}
