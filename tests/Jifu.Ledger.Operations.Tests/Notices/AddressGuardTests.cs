using System.Net;
using System.Net.Sockets;
using Jifu.Ledger.Operations.Notices;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>Which addresses a merchant can make us call.</summary>
public class AddressGuardTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.169.0.1")]
    [InlineData("223.5.5.5")]
    [InlineData("2400:3200::1")]
    [InlineData("2606:4700::1111")]
    public void Addresses_of_the_internet_may_be_called(string address) =>
        AddressGuard.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.1")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:63.1.2.3")]
    [InlineData("::7f00:1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Addresses_that_lead_elsewhere_may_not(string address) =>
        AddressGuard.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("https://merchant.example/notify?a=1", null)]
    [InlineData("http://8.8.8.8:8080/notify", null)]
    [InlineData("https://[2400:3200::1]/", null)]
    [InlineData(null, AddressGuard.UrlNotAbsolute)]
    [InlineData("", AddressGuard.UrlNotAbsolute)]
    [InlineData("notify", AddressGuard.UrlNotAbsolute)]
    [InlineData("https://", AddressGuard.UrlNotAbsolute)]
    [InlineData("ftp://merchant.example/", AddressGuard.SchemeNotAllowed)]
    [InlineData("gopher://merchant.example/", AddressGuard.SchemeNotAllowed)]
    [InlineData("https://key@merchant.example/", AddressGuard.UserPartNotAllowed)]
    [InlineData("https://merchant.example:pass@10.0.0.1/", AddressGuard.UserPartNotAllowed)]
    [InlineData("http://127.0.0.1/", AddressGuard.AddressNotPublic)]
    [InlineData("http://127.1/", AddressGuard.AddressNotPublic)]
    [InlineData("http://2130706433/", AddressGuard.AddressNotPublic)]
    [InlineData("http://0x7f.0.0.1/", AddressGuard.AddressNotPublic)]
    [InlineData("http://0177.0.0.1/", AddressGuard.AddressNotPublic)]
    [InlineData("http://10.0.0.1./", AddressGuard.AddressNotPublic)]
    [InlineData("http://[::1]/", AddressGuard.AddressNotPublic)]
    [InlineData("http://[::ffff:10.0.0.1]/", AddressGuard.AddressNotPublic)]
    [InlineData("http://[fe80::1%251]/", AddressGuard.AddressNotPublic)]
    [InlineData("http://localhost/", AddressGuard.AddressNotPublic)]
    [InlineData("http://LOCALHOST./", AddressGuard.AddressNotPublic)]
    [InlineData("http://a.localhost/", AddressGuard.AddressNotPublic)]
    public void A_url_is_judged_as_it_is_written(string? url, string? refusal) =>
        AddressGuard.Refusal(url, allowPrivate: false).ShouldBe(refusal);

    [Fact]
    public void A_sandbox_may_call_its_own_machine_but_not_in_any_scheme()
    {
        AddressGuard.Refusal("http://127.0.0.1:5000/", allowPrivate: true).ShouldBeNull();
        AddressGuard.Refusal("file:///etc/passwd", allowPrivate: true).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_name_that_leads_to_our_own_machine_is_refused_when_it_is_looked_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port);

        var refused = await Should.ThrowAsync<AddressRefusedException>(
            () => new AddressGuard(allowPrivate: false).Connect(target, CancellationToken.None));
        refused.Code.ShouldBe(AddressGuard.AddressNotPublic);
        listener.Pending().ShouldBeFalse();

        await using var connected = await new AddressGuard(allowPrivate: true).Connect(target, CancellationToken.None);
        connected.CanWrite.ShouldBeTrue();
    }
}
