using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>Which node is asked when any will do: for reading all streams and following them.</summary>
public enum NodePreference
{
    Leader,
    Follower,
    Random,
    ReadOnlyReplica,
}

/// <summary>Where an EventStoreDB or KurrentDB is and how it is spoken to, as its official clients' connection string
/// says.</summary>
/// <param name="Nodes">One node, or the seeds to ask for a cluster's members.</param>
/// <param name="Discover">True to ask the nodes by gossip who leads; false for one node that stands alone.</param>
/// <param name="Credentials">User and password; null for none.</param>
public sealed record EventStoreDbSettings(
    IReadOnlyList<DnsEndPoint> Nodes, bool Discover, NetworkCredential? Credentials = null)
{
    public bool Tls { get; init; } = true;

    /// <summary>False takes any certificate: for trying out only.</summary>
    public bool TlsVerifyCert { get; init; } = true;

    /// <summary>The authorities that are trusted instead of the machine's own; null for the machine's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The certificate by which we are known, with its key; null for none.</summary>
    public X509Certificate2? OwnCertificate { get; init; }

    public NodePreference NodePreference { get; init; } = NodePreference.Leader;

    /// <summary>How we are called in the server's own lists and logs.</summary>
    public string ConnectionName { get; init; } = "jifu-ledger";

    /// <summary>How many times all nodes are asked for the leader before a call gives up.</summary>
    public int MaxDiscoverAttempts { get; init; } = 10;

    public TimeSpan DiscoveryInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the leader is asked whether it still leads; infinite for never. Within a second none can lose
    /// its place, another one write, and the first be elected again.</summary>
    public TimeSpan LeaderAskedEvery { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan GossipTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an append or a page may take, with all that is tried meanwhile.</summary>
    public TimeSpan DefaultDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long a silence the connection is pinged; infinite for never.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection whose ping is not answered in this time is given up.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>esdb://user:password@host:2113?tls=false</c> and its kin.</summary>
    /// <exception cref="FormatException">It does not do, or a file that it names does not; the message says what, and
    /// never holds the password.</exception>
    public static EventStoreDbSettings Parse(string connectionString) => ConnectionString.Parse(connectionString);
}
