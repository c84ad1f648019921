using System.Security.Cryptography;
using System.Text.Json;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Tests.Admission;

[Collection("server")]
public class AdmissionTests(ServerUnderTest server)
{
    private const string Target = "/v1/merchants/nobody?a=%20b&a=1";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_signed_request_is_let_in_and_an_unsigned_one_is_not()
    {
        (await server.AsOperator("GET", Target)).Refusal.ShouldBe("404 merchant_not_found");
        var unsigned = await server.Send(null, "GET", Target);
        unsigned.Refusal.ShouldBe("401 signature_missing");
        unsigned.Headers["WWW-Authenticate"].ShouldBe("JIFU1-RSA-SHA256, JIFU1-HMAC-SHA256");
    }

    [Fact]
    public async Task A_signature_holds_for_its_method_address_and_body_only()
    {
        var body = """{"settlement_term":"t0"}"""u8.ToArray();
        foreach (var (method, target, signed) in new[]
        {
            ("POST", "/v1/merchants/m/settlement-term", body),
            ("PUT", "/v1/merchants/n/settlement-term", body),
            ("PUT", "/v1/merchants/m/settlement-term?x=1", body),
            ("PUT", "/v1/merchants/m/settlement-term", """{"settlement_term":"t1"}"""u8.ToArray()),
        })
        {
            var header = server.Operator.Header(method, target, signed);
            (await server.Send(null, "PUT", "/v1/merchants/m/settlement-term", """{"settlement_term":"t0"}""",
                ("Authorization", header))).Refusal.ShouldBe("401 signature_wrong");
        }
    }

    [Fact]
    public async Task A_request_is_let_in_once()
    {
        var header = server.Operator.Header("GET", Target, []);
        (await server.Send(null, "GET", Target, null, ("Authorization", header))).Status.ShouldBe(404);
        (await server.Send(null, "GET", Target, null, ("Authorization", header))).Refusal.ShouldBe("401 nonce_reused");
    }

    [Theory]
    [InlineData(-301, "401 timestamp_outside_window")]
    [InlineData(-290, "404 merchant_not_found")]
    [InlineData(290, "404 merchant_not_found")]
    [InlineData(310, "401 timestamp_outside_window")]
    public async Task A_request_is_let_in_within_300_seconds_of_its_time(int seconds, string expected)
    {
        var header = server.Operator.Header("GET", Target, []);
        SignedHeader.TryParse(header, out var now).ShouldBeTrue();
        var other = Resigned(now with { UnixSeconds = now.UnixSeconds + seconds });
        (await server.Send(null, "GET", Target, null, ("Authorization", other))).Refusal.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("JIFU1-HMAC-SHA256 key_id=\"k\"")]
    [InlineData("JIFU1-HMAC-SHA256 key_id=\"k\",ts=\"1\",nonce=\"n\",signature=\"AA==\"")]
    [InlineData("JIFU1-HMAC-SHA256 key_id=\"k\",ts=\"1\",nonce=\"0123456789abcdef\",nonce=\"0123456789abcdef\"")]
    [InlineData("JIFU1-HMAC-SHA256 key_id=\"k\",ts=\"-1\",nonce=\"0123456789abcdef\",signature=\"AA==\"")]
    [InlineData("JIFU1-HMAC-SHA256 key_id=\"k\",ts=\"1\",nonce=\"0123456789abcdef\",signature=\"not base64\"")]
    public async Task A_malformed_header_is_told_from_a_wrong_signature(string header) =>
        (await server.Send(null, "GET", Target, null, ("Authorization", header)))
            .Refusal.ShouldBe("401 signature_malformed");

    [Fact]
    public async Task A_merchant_signs_with_an_RSA_key_that_it_registered()
    {
        await server.Merchant("m-rsa");
        using var rsa = RSA.Create(2048);
        var pem = JsonSerializer.Serialize(rsa.ExportSubjectPublicKeyInfoPem());
        var body = $$"""{"algorithm":"rsa_sha256","public_key":{{pem}}}""";
        var key = await server.AsOperator("POST", "/v1/merchants/m-rsa/keys", body);
        key.Status.ShouldBe(201);
        key.Body.ShouldNotContain("secret");
        var signer = RequestSigner.Rsa(key["key_id"], rsa, TimeProvider.System);
        (await server.Send(signer, "GET", "/v1/merchants/m-rsa")).Status.ShouldBe(200);

        // The same key again is quiet, under its own name.
        (await server.AsOperator("POST", "/v1/merchants/m-rsa/keys", body))["key_id"].ShouldBe(key["key_id"]);

        using var stranger = RSA.Create(2048);
        (await server.Send(RequestSigner.Rsa(key["key_id"], stranger, TimeProvider.System), "GET", Target))
            .Refusal.ShouldBe("401 signature_wrong");

        // What verifies a signature must not serve as the secret of the other algorithm.
        var confused = RequestSigner.Hmac(key["key_id"], rsa.ExportSubjectPublicKeyInfo(), TimeProvider.System);
        (await server.Send(confused, "GET", Target)).Refusal.ShouldBe("401 signature_wrong");
    }

    [Fact]
    public async Task A_weak_or_private_or_unreadable_RSA_key_is_refused()
    {
        await server.Merchant("m-weak");
        using var weak = RSA.Create(1024);
        using var good = RSA.Create(2048);
        foreach (var pem in new[] { weak.ExportSubjectPublicKeyInfoPem(), good.ExportPkcs8PrivateKeyPem(), "no pem" })
        {
            var answer = await server.AsOperator("POST", "/v1/merchants/m-weak/keys",
                $$"""{"algorithm":"rsa_sha256","public_key":{{JsonSerializer.Serialize(pem)}}}""");
            answer.Refusal.ShouldBe("400 public_key_invalid");
        }
    }

    [Fact]
    public async Task A_revoked_key_signs_nothing_from_then_on()
    {
        var merchant = await server.Merchant("m-revoked");
        (await server.Send(merchant, "GET", "/v1/merchants/m-revoked")).Status.ShouldBe(200);
        SignedHeader.TryParse(merchant.Header("GET", "/", []), out var header).ShouldBeTrue();
        (await server.AsOperator("DELETE", $"/v1/merchants/m-revoked/keys/{header.KeyId}")).Status.ShouldBe(200);
        (await server.Send(merchant, "GET", "/v1/merchants/m-revoked")).Refusal.ShouldBe("401 key_revoked");
    }

    [Fact]
    public async Task A_key_opens_only_what_its_role_may_do()
    {
        var merchant = await server.Merchant("m-role");
        await server.Merchant("m-other");
        (await server.Send(merchant, "POST", "/v1/merchants", ServerUnderTest.Registration("m-role")))
            .Refusal.ShouldBe("403 role_not_admitted");
        (await server.Send(merchant, "GET", "/v1/merchants/m-other")).Refusal.ShouldBe("404 merchant_not_found");
        (await server.Send(merchant, "GET", "/v1/merchants/m-role")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task No_endpoint_under_v1_is_open_by_forgetting_to_close_it()
    {
        var nobody = RequestSigner.Hmac("nobody", new byte[32], TimeProvider.System);
        (await server.Send(nobody, "GET", Target)).Refusal.ShouldBe("401 key_unknown");
        (await server.AsOperator("GET", "/v1/nothing")).Refusal.ShouldBe("404 not_found");
        (await server.AsOperator("PATCH", "/v1/merchants")).Refusal.ShouldBe("405 method_not_allowed");
    }

    [Fact]
    public void Keys_lie_in_files_that_only_their_owner_reads()
    {
        foreach (var name in new[] { "master.key", "operator.json", "server.json" })
            (OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(Path.Combine(server.Home, name)))
                .ShouldBe(OwnerOnly, name);
    }

    private string Resigned(SignedHeader header)
    {
        var key = new Jifu.Ledger.Server.Composition.HomeFolder(server.Home).ReadOperatorKey()!;
        var text = RequestSigner.TextToSign("GET", Target, header.UnixSeconds, header.Nonce, []);
        return (header with { Signature = HMACSHA256.HashData(Convert.FromBase64String(key.Secret), text) }).ToString();
    }
}
