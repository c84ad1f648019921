using System.Text;
using System.Text.Json;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Tests.Admission;

[Collection("server")]
public class SignatureToolTests(ServerUnderTest server)
{
    private const string Body = """{"amount": 100}""";

    [Fact]
    public async Task A_right_signature_is_confirmed_with_the_text_that_was_signed()
    {
        var header = server.Operator.Header("POST", "/v1/x?a=1", "{}"u8);
        var verdict = await Ask("POST", "/v1/x?a=1", "{}", header);
        verdict.Json.GetProperty("verified").GetBoolean().ShouldBeTrue();
        verdict["string_to_sign"].ShouldStartWith("POST\n/v1/x?a=1\n");
        verdict.Json.GetProperty("differences").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("post", "/v1/x?a=1", Body, "method")]
    [InlineData("POST", "/v1/x", Body, "target")]
    [InlineData("POST", "/v1/x?a=1", "", "body")]
    [InlineData("POST", "/v1/x?a=1", """{"amount":100}""", "body")]
    public async Task The_part_that_differs_is_found(string method, string target, string body, string part)
    {
        var header = server.Operator.Header(method, target, Encoding.UTF8.GetBytes(body));
        Differences(await Ask("POST", "/v1/x?a=1", Body, header)).ShouldBe([part]);
    }

    [Fact]
    public async Task A_secret_that_was_not_decoded_is_found()
    {
        var key = new HomeFolder(server.Home).ReadOperatorKey()!;
        var undecoded = RequestSigner.Hmac(key.KeyId, Encoding.ASCII.GetBytes(key.Secret), TimeProvider.System);
        var verdict = await Ask("GET", "/v1/x", "", undecoded.Header("GET", "/v1/x", []));
        Differences(verdict).ShouldBe(["key"]);
        verdict.Body.ShouldNotContain(key.Secret);
    }

    [Fact]
    public async Task What_the_client_signed_is_compared_part_by_part()
    {
        var header = server.Operator.Header("POST", "/v1/x", "{}"u8);
        SignedHeader.TryParse(header, out var parsed).ShouldBeTrue();
        var theirs = $"POST\n/v1/y\n{parsed.UnixSeconds}\n{parsed.Nonce}\n{{}}";
        Differences(await Ask("POST", "/v1/x", "{}", header, theirs)).ShouldBe(["line_feeds", "target"]);
    }

    private static string[] Differences(Answer verdict) => [.. verdict.Json.GetProperty("differences")
        .EnumerateArray().Select(difference => difference.GetProperty("part").GetString()!)];

    private Task<Answer> Ask(string method, string target, string body, string authorization, string? signed = null) =>
        server.Send(null, "POST", "/v1/tools/verify-signature", JsonSerializer.Serialize(
            new { method, target, authorization, body, string_to_sign = signed }));
}
