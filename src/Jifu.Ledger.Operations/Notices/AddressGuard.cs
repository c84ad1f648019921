using System.Net;
using System.Net.Sockets;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>The address that a merchant gave must not be called. <see cref="Code"/> is its stable reason.</summary>
public sealed class AddressRefusedException(string code) : Exception($"The address must not be called: {code}.")
{
    public string Code { get; } = code;
}

/// <summary>Keeps merchants from making us call our own network. Names are looked up here, and the connection goes to
/// the very address that was looked at, so that a name cannot mean another place a moment later.</summary>
/// <param name="allowPrivate">True lets everything through, for a sandbox on one machine. Never in production.</param>
public sealed class AddressGuard(bool allowPrivate)
{
    /// <summary>No address on the public internet; nothing else is said, so that nobody can map our network.</summary>
    public const string AddressNotPublic = "address_not_public";

    public const string UrlNotAbsolute = "url_not_absolute";
    public const string SchemeNotAllowed = "scheme_not_allowed";
    public const string UserPartNotAllowed = "user_part_not_allowed";

    // Everything that is not given out to be reached over the internet, by IANA's registries of special addresses.
    private static readonly IPNetwork[] NotPublicV4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        // Public by its number, but what a cloud's own machines ask about themselves.
        "168.63.129.16/32");

    // Only 2000::/3 is given out, and these parts of it are not, or hide an IPv4 address: Teredo, 6to4, documentation.
    private static readonly IPNetwork GivenOutV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublicV6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /// <summary>Why a URL would be refused as it is written, before any name is looked up; null when nothing is seen
    /// against it. For use when a request is checked; the rest is checked when the notice is sent.</summary>
    /// <returns>A stable code: one of this class's constants.</returns>
    public static string? Refusal(string? url, bool allowPrivate)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return UrlNotAbsolute;
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return SchemeNotAllowed;
        if (uri.UserInfo.Length > 0)
            return UserPartNotAllowed;
        return allowPrivate || !IsOurs(uri) ? null : AddressNotPublic;
    }

    /// <summary>Whether an address is one that anybody may be reached at over the internet.</summary>
    /// <remarks>An IPv4 address dressed as IPv6 is not: nobody has a reason to send one.</remarks>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);

        // Asked first: IPNetwork compares such an address's IPv4 bits with an IPv6 network's.
        if (address.IsIPv4MappedToIPv6)
            return false;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !NotPublicV4.Any(network => network.Contains(address))
            : GivenOutV6.Contains(address) && !NotPublicV6.Any(network => network.Contains(address));
    }

    internal string? Refusal(string url) => Refusal(url, allowPrivate);

    /// <summary>Looks a name up and connects to one of its permitted addresses.</summary>
    /// <exception cref="AddressRefusedException">It has no permitted address.</exception>
    /// <exception cref="SocketException">The name is not known, or nobody answers.</exception>
    public async Task<Stream> Connect(DnsEndPoint target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var known = await Dns.GetHostAddressesAsync(target.Host, cancellation);
        var permitted = allowPrivate ? known : [.. known.Where(IsPublic)];
        if (permitted.Length == 0)
            throw new AddressRefusedException(AddressNotPublic);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The URI type has already turned 2130706433, 0x7f.1 and the like into the address they mean.
    private static bool IsOurs(Uri uri) => IPAddress.TryParse(uri.IdnHost.TrimEnd('.'), out var address)
        ? !IsPublic(address)
        : IsLocalName(uri.IdnHost.TrimEnd('.'));

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(IPNetwork.Parse)];
}
