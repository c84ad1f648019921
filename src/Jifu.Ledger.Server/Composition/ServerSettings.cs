using System.Net;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.EventStoreFace;
using Jifu.Ledger.Server.Evidence;

namespace Jifu.Ledger.Server.Composition;

/// <summary>What the configuration says, read once at start.</summary>
/// <param name="Ledger">Connection string of the role that runs.</param>
/// <param name="LedgerOwner">Connection string of the role that migrates.</param>
/// <param name="Home">Folder for keys and server.json.</param>
/// <param name="Sandbox">True to play channels and the clock ourselves.</param>
/// <param name="SelfUrl">Where this process reaches itself: the first address that it listens on.</param>
/// <param name="AllowPrivateNotifyAddresses">True to send notices to addresses inside our own network too.</param>
/// <param name="Evidence">How the log is proved.</param>
/// <param name="Face">Where the log is offered over EventStoreDB's protocol; null for nowhere.</param>
/// <param name="MerchantNumbers">Our numbers at channels of which people bring the bills.</param>
/// <param name="EventStore">The EventStoreDB that holds the events; null for our own database.</param>
internal sealed record ServerSettings(
    string Ledger, string LedgerOwner, string Home, bool Sandbox, Uri SelfUrl,
    bool AllowPrivateNotifyAddresses, FaceSettings? Face, EvidenceSettings Evidence,
    IReadOnlyDictionary<Channel, string> MerchantNumbers, EventStoreDbSettings? EventStore = null)
{
    public const string UrlsName = "ASPNETCORE_URLS";

    /// <exception cref="InvalidOperationException">What has no default is missing.</exception>
    public static ServerSettings Read(IConfiguration configuration)
    {
        var ledger = Database("Ledger")
            ?? throw new InvalidOperationException(
                "No database: set ConnectionStrings__Ledger, or start with ./scripts/run.");
        var face = FaceSettings.Read(configuration);
        var store = Text("ConnectionStrings:EventStore") is { } text ? Store(text) : null;
        if (face is not null && store is not null)
            throw new InvalidOperationException(
                "Jifu__EventStoreFace__Urls offers the log in our own database; with ConnectionStrings__EventStore "
                + "there is none: clients go to that EventStoreDB.");
        var sandbox = configuration.GetValue("Jifu:Sandbox", false);
        var home = Path.GetFullPath(Text("Jifu:Home") ?? ".jifu");
        return new(
            ledger, Database("LedgerOwner") ?? ledger, home, sandbox, SelfAt(Text("urls")),
            configuration.GetValue("Jifu:AllowPrivateNotifyAddresses", sandbox), face,
            EvidenceSettings.Read(configuration, home), Numbers(configuration.GetSection("Jifu:MerchantNumbers")),
            store);

        string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;

        string? Database(string name) =>
            Text($"ConnectionStrings:{name}") is { } text ? Connection($"ConnectionStrings__{name}", text) : null;
    }

    // It may hold a password: what is wrong with it is told, and not itself.
    private static string Connection(string name, string text)
    {
        try
        {
            return ConnectionText.Checked(text);
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"{name}: {e.Message}", e);
        }
    }

    private static Uri SelfAt(string? urls)
    {
        try
        {
            if ((urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(BindingAddress.Parse)
                .All(address => address.Port <= IPEndPoint.MaxPort && IsHere(address)))
                return ReachedAt(urls);
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new InvalidOperationException(
            $"{UrlsName}: {urls} must be http://ADDRESS:PORT, or several with ';'; "
            + "ADDRESS is a number, localhost, * or +.");
    }

    // Any other name means all addresses of the machine to the web server, a misspelt one too.
    private static bool IsHere(BindingAddress address) =>
        address.IsUnixPipe || address.Host is "*" or "+"
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(address.Host, out _);

    private static Dictionary<Channel, string> Numbers(IConfigurationSection section)
    {
        var numbers = new Dictionary<Channel, string>();
        foreach (var one in section.GetChildren().Where(one => !string.IsNullOrEmpty(one.Value)))
        {
            if (!ChannelNames.TryParse(one.Key.ToLowerInvariant(), out var channel))
                throw new InvalidOperationException($"Jifu__MerchantNumbers__{one.Key}: {one.Key} is no channel.");
            numbers.Add(channel, one.Value!);
        }

        return numbers;
    }

    private static EventStoreDbSettings Store(string text)
    {
        try
        {
            return EventStoreDbSettings.Parse(text);
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"ConnectionStrings__EventStore: {e.Message}", e);
        }
    }

    /// <summary>Where a program on this machine reaches what listens on the first of these addresses.</summary>
    public static Uri ReachedAt(string? urls)
    {
        var first = BindingAddress.Parse(urls?.Split(';')[0] ?? "http://127.0.0.1:5000");
        var host = first.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : first.Host;
        return new UriBuilder(first.Scheme, host, first.Port).Uri;
    }
}
