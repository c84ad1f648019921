using System.Net;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Nodes;

public class ConnectionStringTests
{
    [Fact]
    public void One_host_is_one_node_with_TLS_at_the_usual_port()
    {
        var settings = EventStoreDbSettings.Parse("esdb://db.example");
        settings.Nodes.ShouldBe([new DnsEndPoint("db.example", 2113)]);
        (settings.Discover, settings.Tls, settings.TlsVerifyCert, settings.Credentials)
            .ShouldBe((false, true, true, null));
        settings.NodePreference.ShouldBe(NodePreference.Leader);
    }

    [Theory]
    [InlineData("esdb+discover://cluster.example:2114")]
    [InlineData("kurrentdb+discover://cluster.example:2114/")]
    [InlineData("kdb+discover://cluster.example:2114/?tls=false")]
    [InlineData("kurrent://a.example,b.example:2114")]
    public void A_name_to_discover_or_several_hosts_are_a_cluster(string text)
    {
        var settings = EventStoreDbSettings.Parse(text);
        settings.Discover.ShouldBeTrue();
        settings.Nodes[^1].Port.ShouldBe(2114);
    }

    [Fact]
    public void User_and_password_are_percent_encoded()
    {
        var settings = EventStoreDbSettings.Parse("esdb://ad%6Din:p%40ss%3Aw%3Frd@[::1]:1113");
        (settings.Credentials!.UserName, settings.Credentials.Password).ShouldBe(("admin", "p@ss:w?rd"));
        settings.Nodes.ShouldBe([new DnsEndPoint("::1", 1113)]);
    }

    [Fact]
    public void Options_are_the_official_clients_whatever_their_case()
    {
        var settings = EventStoreDbSettings.Parse(
            "esdb://h?TLS=true&tlsVerifyCert=false&nodePreference=readOnlyReplica&connectionName=till-7"
            + "&maxDiscoverAttempts=3&discoveryInterval=20&gossipTimeout=300&defaultDeadline=4000"
            + "&keepAliveInterval=-1&keepAliveTimeout=5000&throwOnAppendFailure=false");
        settings.ShouldBe(new([new("h", 2113)], false)
        {
            Nodes = settings.Nodes, Tls = true, TlsVerifyCert = false,
            NodePreference = NodePreference.ReadOnlyReplica, ConnectionName = "till-7", MaxDiscoverAttempts = 3,
            DiscoveryInterval = TimeSpan.FromMilliseconds(20), GossipTimeout = TimeSpan.FromMilliseconds(300),
            DefaultDeadline = TimeSpan.FromSeconds(4), KeepAliveInterval = Timeout.InfiniteTimeSpan,
            KeepAliveTimeout = TimeSpan.FromSeconds(5),
        });
    }

    [Theory]
    [InlineData("keepAliveInterval=0&keepAliveTimeout=0", 1_000, 1_000)]
    [InlineData("keepAliveInterval=500&keepAliveTimeout=1500", 1_000, 1_500)]
    public void Pings_that_would_come_too_often_come_each_second(string options, int interval, int timeout)
    {
        var settings = EventStoreDbSettings.Parse($"esdb://h?{options}&discoveryInterval=0&connectionName=my%20app");
        settings.KeepAliveInterval.ShouldBe(TimeSpan.FromMilliseconds(interval));
        settings.KeepAliveTimeout.ShouldBe(TimeSpan.FromMilliseconds(timeout));
        (settings.DiscoveryInterval, settings.ConnectionName).ShouldBe((TimeSpan.Zero, "my app"));
    }

    [Theory]
    [InlineData("read_only_replica")]
    [InlineData("READONLYREPLICA")]
    [InlineData("read-only-replica")]
    public void A_preference_is_spelled_as_any_official_client_spells_it(string text) =>
        EventStoreDbSettings.Parse($"esdb://h?node_preference={text}").NodePreference
            .ShouldBe(NodePreference.ReadOnlyReplica);

    [Theory]
    [InlineData("localhost:2113", "it has no scheme, such as esdb://")]
    [InlineData("http://localhost", "'http' is none of esdb, kurrentdb, kurrent, kdb, alone or with +discover")]
    [InlineData("esdb://", "'' is no host with a port")]
    [InlineData("esdb://a,", "'' is no host with a port")]
    [InlineData("esdb://a:0", "'a:0' is no host with a port")]
    [InlineData("esdb://a:99999", "'a:99999' is no host with a port")]
    [InlineData("esdb://a:b", "'a:b' is no host with a port")]
    [InlineData("esdb://a b", "'a b' is no host with a port")]
    [InlineData("esdb://me@a", "before the @ stands user:password")]
    [InlineData("esdb://:secret@a", "before the @ stands user:password")]
    [InlineData("esdb://me:sec?ret@a", "in user and password, '?' is written %3F, and other special characters alike")]
    [InlineData("esdb://a/b", "nothing follows the hosts but a '?', not '/b'")]
    [InlineData("esdb://a?tls", "the option 'tls' has no value")]
    [InlineData("esdb://a?tls=yes", "tls=yes: it is true or false")]
    [InlineData("esdb://a?nodePreference=3", "it is one of Leader, Follower, Random, ReadOnlyReplica")]
    [InlineData("esdb://a?defaultDeadline=-5", "defaultDeadline=-5: it is a whole number from 1")]
    [InlineData("esdb://a?tlsCaFile=/no/such", "tlsCaFile=/no/such: there is no such file")]
    [InlineData("esdb://a?userCertFile=/no/such&userKeyFile=/no", "userCertFile=/no/such: there is no such file")]
    [InlineData("esdb://a?connectionName=a%0Ab", "it is printable ASCII, with spaces only within")]
    [InlineData("esdb://a?connectionName=%20a", "it is printable ASCII, with spaces only within")]
    [InlineData("esdb://a?tls=true&TLS=false", "the option 'tls' stands there twice")]
    [InlineData("esdb://a?keepAliveInterval=-2", "keepAliveInterval=-2: it is a whole number from 0, or -1 for never")]
    [InlineData("esdb://a?discoveryInterval=-1", "discoveryInterval=-1: it is a whole number from 0")]
    [InlineData("esdb://a?tlsVerify=false", "there is no option 'tlsVerify'; there are tls, tlsVerifyCert, tlsCaFile")]
    public void What_does_not_do_is_refused_and_says_why(string text, string why)
    {
        var message = Should.Throw<FormatException>(() => EventStoreDbSettings.Parse(text)).Message;
        message.ShouldContain(why);
        message.ShouldNotContain("secret");
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused() =>
        Should.Throw<FormatException>(() => EventStoreDbSettings.Parse(
            $"esdb://a?userCertFile={typeof(ConnectionStringTests).Assembly.Location}"))
            .Message.ShouldContain("userCertFile and userKeyFile go together");
}
