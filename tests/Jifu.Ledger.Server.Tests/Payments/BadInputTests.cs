using System.Text;

namespace Jifu.Ledger.Server.Tests.Payments;

/// <summary>What may be wrong with an order: each gets its code, and nothing moves.</summary>
public class BadInputTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Good = """
        {"merchant_order_no":"1","amount":100,"currency":"CNY","channel":"sandbox","product":"micropay",
         "payer_code":"134567890123456789","description":"coffee"}
        """;

    public static TheoryData<string, string, string> Amounts => new()
    {
        { "\"amount\":100", "\"amount\":100,\"amount\":100", "400 field_duplicate" },
        { "\"amount\":100", "\"amount\":100,\"amount\":200", "400 field_duplicate" },
        { "\"amount\":100", "\"amount\":1.005", "400 amount_malformed" },
        { "\"amount\":100", "\"amount\":1e2", "400 amount_malformed" },
        { "\"amount\":100", "\"amount\":100.0", "400 amount_malformed" },
        { "\"amount\":100", "\"amount\":\"100\"", "400 amount_malformed" },
        { "\"amount\":100", "\"amount\":true", "400 amount_malformed" },
        { "\"amount\":100", "\"amount\":null", "400 field_type_wrong" },
        { "\"amount\":100", "\"amount\":-1", "400 amount_out_of_range" },
        { "\"amount\":100", "\"amount\":-0", "400 amount_out_of_range" },
        { "\"amount\":100", "\"amount\":10000000000001", "400 amount_out_of_range" },
        { "\"amount\":100", "\"amount\":9007199254740992", "400 amount_out_of_range" },
        { "\"amount\":100", "\"amount\":9223372036854775808", "400 amount_out_of_range" },
        { "\"amount\":100", "\"amount\":1000000000000000000000000000000", "400 amount_out_of_range" },
        { "\"amount\":100", "\"amount\":0", "422 amount_not_positive" },
        { "\"amount\":100,", "", "400 field_missing" },
    };

    public static TheoryData<string, string, string> Others => new()
    {
        { "\"amount\":100", "\"amount\":100,\"tip\":1", "400 field_unknown" },
        { "\"amount\":100", "\"Amount\":100", "400 field_unknown" },
        { "\"CNY\"", "\"XXX\"", "400 currency_unknown" },
        { "\"CNY\"", "\"cny\"", "400 currency_unknown" },
        { "\"CNY\"", "156", "400 currency_unknown" },
        { "\"sandbox\"", "\"cash\"", "400 field_invalid" },
        { "\"sandbox\"", "\"wechatpay\"", "422 channel_not_open" },
        { "\"micropay\"", "\"none\"", "400 field_invalid" },
        { "\"micropay\"", "0", "400 field_type_wrong" },
        { "\"payer_code\":\"134567890123456789\",", "", "422 payer_code_missing" },
        { "\"coffee\"", "\"\"", "400 field_invalid" },
        { "\"coffee\"", "\"a\\u0000b\"", "400 field_invalid" },
        { "\"coffee\"", "\"a\\ud800b\"", "400 field_type_wrong" },
        { "\"1\"", "\"\"", "400 field_invalid" },
        { "\"1\"", "\"订单\"", "400 field_invalid" },
        { "\"1\"", "\"1\\n\"", "400 field_invalid" },
        { "\"coffee\"", "\"c\",\"notify_url\":\"ftp://x.example\"", "400 notify_url_refused" },
        { "\"coffee\"", "\"c\",\"split\":[{\"receiver\":\"a\",\"basis\":\"amount\",\"value\":101}]",
            "422 split_exceeds_payment" },
        { "\"coffee\"", "\"c\",\"split\":[null]", "400 field_type_wrong" },
        { "\"coffee\"}", "\"coffee\"", "400 json_malformed" },
        { "\"coffee\"}", "\"coffee\"},", "400 json_malformed" },
        { "\"coffee\"}", "\"coffee\",}", "400 json_malformed" },
        { "\"coffee\"}", "\"coffee\"}//", "400 json_malformed" },
    };

    [Theory]
    [MemberData(nameof(Amounts))]
    [MemberData(nameof(Others))]
    public async Task A_wrong_order_is_refused_and_nothing_moves(string right, string wrong, string refusal)
    {
        var shop = await Shop.Open(server, $"bad-{Guid.NewGuid():N}"[..20]);
        var body = Good.ReplaceLineEndings("").Replace(right, wrong, StringComparison.Ordinal);
        body.ShouldNotBe(Good);
        await NothingMoves(async () => (await Send(shop, body)).Refusal.ShouldBe(refusal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{}")]
    public async Task A_body_that_is_no_order_is_refused(string body)
    {
        var shop = await Shop.Open(server, $"bad-{Guid.NewGuid():N}"[..20]);
        await NothingMoves(async () => (await Send(shop, body)).Status.ShouldBe(400));
    }

    [Fact]
    public async Task A_body_in_another_encoding_or_of_another_kind_is_refused()
    {
        var shop = await Shop.Open(server, "bad-bytes");
        await NothingMoves(async () =>
        {
            byte[] latin = Encoding.Latin1.GetBytes(Good.Replace("coffee", "caf\u00e9", StringComparison.Ordinal));
            (await server.SendBytes(shop.Signer, "POST", "/v1/payments", latin, ("Idempotency-Key", "a")))
                .Refusal.ShouldBe("400 json_malformed");
            (await server.Send(shop.Signer, "POST", "/v1/payments", null, ("Idempotency-Key", "b")))
                .Refusal.ShouldBe("415 media_type_unsupported");

            // Who sends before it is asked to may find the connection closed before it can read the answer.
            var large = new string(' ', (1 << 20) + 1);
            (await server.Send(
                shop.Signer, "POST", "/v1/payments", large, ("Idempotency-Key", "c"), ("Expect", "100-continue")))
                .Refusal.ShouldBe("413 body_too_large");
        });
    }

    [Fact]
    public async Task An_order_that_is_not_signed_as_it_should_is_refused()
    {
        var shop = await Shop.Open(server, "bad-sign");
        await NothingMoves(async () =>
        {
            (await Raw(null)).Refusal.ShouldBe("401 signature_missing");
            var tampered = Good.Replace("100", "900", StringComparison.Ordinal);
            (await Raw(shop.Signer.Header("POST", "/v1/payments", Encoding.UTF8.GetBytes(tampered))))
                .Refusal.ShouldBe("401 signature_wrong");
            (await Raw(shop.Signer.Header("POST", "/v1/refunds", Encoding.UTF8.GetBytes(Good))))
                .Refusal.ShouldBe("401 signature_wrong");
            (await server.Send(server.Operator, "POST", "/v1/payments", Good, ("Idempotency-Key", "op")))
                .Refusal.ShouldBe("403 role_not_admitted");
            (await server.Send(shop.Signer, "POST", "/v1/payments", Good)).Refusal
                .ShouldBe("400 idempotency_key_missing");
        });

        var header = shop.Signer.Header("POST", "/v1/payments", Encoding.UTF8.GetBytes(Good));
        (await Raw(header)).Refusal.ShouldBe("201");
        await NothingMoves(async () => (await Raw(header)).Refusal.ShouldBe("401 nonce_reused"));

        Task<Answer> Raw(string? authorization) => authorization is null
            ? server.Send(null, "POST", "/v1/payments", Good, ("Idempotency-Key", "raw"))
            : server.Send(
                null, "POST", "/v1/payments", Good, ("Idempotency-Key", "raw"), ("Authorization", authorization));
    }

    private Task<Answer> Send(Shop shop, string body) =>
        server.Send(shop.Signer, "POST", "/v1/payments", body, ("Idempotency-Key", "bad"));

    private async Task NothingMoves(Func<Task> act)
    {
        var head = await server.Head();
        await act();
        (await server.Head()).ShouldBe(head);
    }
}
