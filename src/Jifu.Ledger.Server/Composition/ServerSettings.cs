using Jifu.Ledger.Server.EventStoreFace;

namespace Jifu.Ledger.Server.Composition;

/// <summary>What the configuration says, read once at start.</summary>
/// <param name="Ledger">Connection string of the role that runs.</param>
/// <param name="LedgerOwner">Connection string of the role that migrates.</param>
/// <param name="Home">Folder for keys and server.json.</param>
/// <param name="Sandbox">True to play channels and the clock ourselves.</param>
/// <param name="SelfUrl">Where this process reaches itself: the first address that it listens on.</param>
/// <param name="AllowPrivateNotifyAddresses">True to send notices to addresses inside our own network too.</param>
/// <param name="Face">Where the log is offered over EventStoreDB's protocol; null for nowhere.</param>
internal sealed record ServerSettings(
    string Ledger, string LedgerOwner, string Home, bool Sandbox, Uri SelfUrl,
    bool AllowPrivateNotifyAddresses, FaceSettings? Face)
{
    /// <exception cref="InvalidOperationException">What has no default is missing.</exception>
    public static ServerSettings Read(IConfiguration configuration)
    {
        var ledger = Text("ConnectionStrings:Ledger")
            ?? throw new InvalidOperationException(
                "No database: set ConnectionStrings__Ledger, or start with ./scripts/run.");
        var sandbox = configuration.GetValue("Jifu:Sandbox", false);
        return new(
            ledger, Text("ConnectionStrings:LedgerOwner") ?? ledger,
            Path.GetFullPath(Text("Jifu:Home") ?? ".jifu"), sandbox, ReachedAt(Text("urls")),
            configuration.GetValue("Jifu:AllowPrivateNotifyAddresses", sandbox), FaceSettings.Read(configuration));

        string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;
    }

    /// <summary>Where a program on this machine reaches what listens on the first of these addresses.</summary>
    public static Uri ReachedAt(string? urls)
    {
        var first = BindingAddress.Parse(urls?.Split(';')[0] ?? "http://127.0.0.1:5000");
        var host = first.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : first.Host;
        return new UriBuilder(first.Scheme, host, first.Port).Uri;
    }
}
