using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>Reads connection strings as the official clients take them:
/// <c>scheme://[user:password@]host[:port][,host[:port]…][/][?name=value[&amp;…]]</c>.</summary>
internal static class ConnectionString
{
    private const int UsualPort = 2113;
    private const string DiscoverSuffix = "+discover";
    private const string UserCertFile = "userCertFile";
    private const string UserKeyFile = "userKeyFile";

    // HTTP/2 pings no oftener, whatever is asked for: official clients take less, too, and some warn.
    private const int PingMillisecondsMin = 1_000;

    private static readonly string[] Schemes = ["esdb", "kurrentdb", "kurrent", "kdb"];
    private static readonly string[] OwnFiles = [UserCertFile, UserKeyFile];

    private static readonly Dictionary<string, Func<EventStoreDbSettings, string, EventStoreDbSettings>> Options =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["tls"] = (settings, text) => settings with { Tls = Flag(text) },
            ["tlsVerifyCert"] = (settings, text) => settings with { TlsVerifyCert = Flag(text) },
            ["tlsCaFile"] = (settings, text) => settings with { Authorities = PemFiles.Authorities(text) },
            ["nodePreference"] = (settings, text) => settings with { NodePreference = Preference(text) },
            ["connectionName"] = (settings, text) => settings with { ConnectionName = Header(text) },
            ["maxDiscoverAttempts"] = (settings, text) => settings with { MaxDiscoverAttempts = Count(text) },
            ["discoveryInterval"] = (settings, text) => settings with { DiscoveryInterval = Pause(text) },
            ["gossipTimeout"] = (settings, text) => settings with { GossipTimeout = Milliseconds(text) },
            ["defaultDeadline"] = (settings, text) => settings with { DefaultDeadline = Milliseconds(text) },
            ["keepAliveInterval"] = (settings, text) => settings with { KeepAliveInterval = OrNever(text) },
            ["keepAliveTimeout"] = (settings, text) => settings with { KeepAliveTimeout = OrNever(text) },

            // What other clients do with a refused append; ours is always an answer, never an exception.
            ["throwOnAppendFailure"] = (settings, text) => Flag(text) ? settings : settings,
        };

    /// <inheritdoc cref="EventStoreDbSettings.Parse"/>
    public static EventStoreDbSettings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (scheme, rest) = Cut(text, "://") ?? throw Wrong("it has no scheme, such as esdb://");
        var discover = scheme.EndsWith(DiscoverSuffix, StringComparison.OrdinalIgnoreCase);
        var plain = discover ? scheme[..^DiscoverSuffix.Length] : scheme;
        if (!Schemes.Contains(plain, StringComparer.OrdinalIgnoreCase))
            throw Wrong($"'{scheme}' is none of {string.Join(", ", Schemes)}, alone or with {DiscoverSuffix}");

        var (authority, query) = Cut(rest, "?") ?? (rest, "");
        if (query.Contains('@', StringComparison.Ordinal))
            throw Wrong("in user and password, '?' is written %3F, and other special characters alike");
        var (user, hosts) = CutLast(authority, '@') ?? ("", authority);
        var nodes = Hosts(hosts);
        var settings = new EventStoreDbSettings(nodes, discover || nodes.Count > 1, Credentials(user));
        var options = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        if (options.GroupBy(Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(one => one.Count() > 1) is { } twice)
            throw Wrong($"the option '{twice.Key}' stands there twice");
        return options.Where(option => !IsOwn(option)).Aggregate(settings, With) with
        {
            OwnCertificate = Own(options.Where(IsOwn)),
        };
    }

    // Only both together can be read.
    private static X509Certificate2? Own(IEnumerable<string> options)
    {
        var files = options.Select(Parts).ToDictionary(
            one => Plain(one.Name), one => Uri.UnescapeDataString(one.Text), StringComparer.OrdinalIgnoreCase);
        if (files.Count == 0)
            return null;
        if (files.FirstOrDefault(one => !File.Exists(one.Value)) is { Key: { } name, Value: var missing })
            throw Wrong($"{name}={missing}: there is no such file");
        if (!files.TryGetValue(UserCertFile, out var certificate) || !files.TryGetValue(UserKeyFile, out var key))
            throw Wrong($"{UserCertFile} and {UserKeyFile} go together");
        try
        {
            return PemFiles.Own(certificate, key);
        }
        catch (FormatException e)
        {
            throw Wrong($"{UserCertFile}={certificate}, {UserKeyFile}={key}: {e.Message}");
        }
    }

    private static EventStoreDbSettings With(EventStoreDbSettings settings, string option)
    {
        var (name, text) = Parts(option);
        if (!Options.TryGetValue(Plain(name), out var set))
            throw Wrong($"there is no option '{name}'; there are {string.Join(", ", [.. Options.Keys, .. OwnFiles])}");
        try
        {
            return set(settings, Uri.UnescapeDataString(text));
        }
        catch (FormatException e)
        {
            throw Wrong($"{name}={text}: {e.Message}");
        }
    }

    private static List<DnsEndPoint> Hosts(string text)
    {
        var (hosts, path) = Cut(text, "/") ?? (text, "");
        if (path.Length > 0)
            throw Wrong($"nothing follows the hosts but a '?', not '/{path}'");
        return [.. hosts.Split(',').Select(Host)];
    }

    private static DnsEndPoint Host(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var name = (hasPort ? text[..colon] : text).Trim('[', ']');
        var port = hasPort && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var given) ? given : hasPort ? 0 : UsualPort;
        return port is > 0 and <= ushort.MaxValue && Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? new(name, port)
            : throw Wrong($"'{text}' is no host with a port");
    }

    private static NetworkCredential? Credentials(string text)
    {
        if (text.Length == 0)
            return null;
        var (user, password) = Cut(text, ":") ?? throw Wrong("before the @ stands user:password");
        return user.Length == 0
            ? throw Wrong("before the @ stands user:password")
            : new(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }

    private static bool Flag(string text) =>
        bool.TryParse(text, out var flag) ? flag : throw new FormatException("it is true or false");

    private static int Count(string text, int min = 1, string besides = "") =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min
            ? count
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"it is a whole number from {min}{besides}"));

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(Count(text));

    private static TimeSpan Pause(string text) => TimeSpan.FromMilliseconds(Count(text, min: 0));

    private static TimeSpan OrNever(string text) => text == "-1"
        ? Timeout.InfiniteTimeSpan
        : TimeSpan.FromMilliseconds(Math.Max(PingMillisecondsMin, Count(text, min: 0, ", or -1 for never")));

    private static NodePreference Preference(string text) =>
        Enum.TryParse<NodePreference>(Plain(text), ignoreCase: true, out var preference)
        && Enum.IsDefined(preference) && !char.IsAsciiDigit(text[0])
            ? preference
            : throw new FormatException($"it is one of {string.Join(", ", Enum.GetNames<NodePreference>())}");

    private static string Header(string text) =>
        text.Length > 0 && text.All(one => one is >= ' ' and <= '~') && text.Trim(' ') == text
            ? text
            : throw new FormatException("it is printable ASCII, with spaces only within");

    private static bool IsOwn(string option) => OwnFiles.Contains(Name(option), StringComparer.OrdinalIgnoreCase);

    private static (string Name, string Text) Parts(string option) =>
        Cut(option, "=") ?? throw Wrong($"the option '{option}' has no value");

    private static string Name(string option) => Plain((Cut(option, "=") ?? (option, "")).Before);

    // The client for Node writes read_only_replica, and takes every name so.
    private static string Plain(string name) => name.Replace("_", "").Replace("-", "");

    private static (string Before, string After)? Cut(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0
            ? (text[..at], text[(at + mark.Length)..])
            : null;

    private static (string Before, string After)? CutLast(string text, char mark) =>
        text.LastIndexOf(mark) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : null;

    private static FormatException Wrong(string what) =>
        new($"This EventStoreDB connection string does not do: {what}.");
}
