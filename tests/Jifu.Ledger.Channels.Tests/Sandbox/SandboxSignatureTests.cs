using System.Text;
using Jifu.Ledger.Channels.Sandbox;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>What the sandbox's signatures cover.</summary>
public class SandboxSignatureTests
{
    [Fact]
    public void A_genuine_signature_under_nonsense_or_of_long_ago_is_not_believed()
    {
        Read(Signed("""{"notice_id":"n1","payment_id":"p1","result":{"state":"closed"}}""", TimeSpan.Zero))
            .ShouldNotBeNull();
        Read(Signed("""{"notice_id":"n1","payment_id":"p1","result":{"state":"closed"}}""", TimeSpan.FromMinutes(-6)))
            .ShouldBeNull();
        foreach (var nonsense in new[]
        {
            "", "{}", "[]", "null", """{"notice_id":"n1","payment_id":"p1","result":{"state":"paid"}}""",
            """{"notice_id":"n1","payment_id":"p1","result":null}""",
            """{"notice_id":"n1","payment_id":"p1","result":{"state":"closed"},"more":1}""",
        })
            Read(Signed(nonsense, TimeSpan.Zero)).ShouldBeNull(nonsense);
    }

    [Fact]
    public void What_is_signed_is_signed_like_this() => SandboxSignature.Sign(
        "secret", "POST\n/sandbox/v3/payments\n1624523846\nA1B2C3D4E5F6G7H8\n", "{}"u8)
        .ShouldBe("4xxlz5OJ77FxwY6JoyV8ReUGOAKltXnhUULKfK5F4+o=");

    private static ChannelNotice? Read(ArrivedNotice notice)
    {
        using var http = new HttpClient();
        return new SandboxChannel(new(http, SandboxHouse.Secret, TimeProvider.System, TimeSpan.FromSeconds(5)))
            .ReadNotice(notice.Headers, notice.Body);
    }

    private static ArrivedNotice Signed(string text, TimeSpan ago)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var (timestamp, nonce, signature) = SandboxSignature.ForNotice(
            SandboxHouse.Secret, body, TimeProvider.System.GetUtcNow() + ago);
        return new(
            new()
            {
                ["sandbox-timestamp"] = timestamp, ["sandbox-nonce"] = nonce, ["sandbox-signature"] = signature,
            },
            body);
    }
}
