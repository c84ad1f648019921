using System.Text;
using Jifu.Ledger.Operations.Notices;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>Signatures that every library of Standard Webhooks verifies.</summary>
public class NoticeSignatureTests
{
    private const string Published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void The_example_that_the_standard_publishes_comes_out_as_published()
    {
        NoticeSignature.TryParse(Published, out var secret).ShouldBeTrue();
        NoticeSignature.Of(
            secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""))
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        NoticeSignature.Text(secret).ShouldBe(Published);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_no base64 at all, but as long as a secret")]
    public void What_is_no_secret_is_not_taken_for_one(string? text)
    {
        NoticeSignature.TryParse(text, out var secret).ShouldBeFalse();
        secret.ShouldBeEmpty();
    }
}
