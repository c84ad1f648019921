namespace Jifu.Ledger.Server.Tests.Splits;

[Collection("shops")]
public class SplitTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_paid_payment_is_split_up_to_what_is_left_of_it()
    {
        var shop = await Shop.Open(server, "split-left");
        var paid = await shop.Paid("1", 10_000);
        var made = await Split(shop, paid, "s1", ("a", "amount", 3_000), ("b", "rate", 500_000));
        made.Refusal.ShouldBe("201");
        Shares(made).ShouldBe("s1 a 3000, s1 b 5000");
        (await shop.Balances()).ShouldBe("merchant_pending 1940");

        // The fee is not the merchant's to give.
        (await Split(shop, paid, "s2", ("a", "amount", 1_941))).Refusal.ShouldBe("422 split_exceeds_payment");
        (await Split(shop, paid, "s2", ("a", "amount", 1_940))).Refusal.ShouldBe("201");
        (await shop.Balances()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_split_again_counts_once()
    {
        var shop = await Shop.Open(server, "split-again");
        var paid = await shop.Paid("1", 10_000);
        (await Split(shop, paid, "s1", ("a", "amount", 6_000))).Refusal.ShouldBe("201");
        (await Split(shop, paid, "s1", ("a", "amount", 6_000))).Refusal.ShouldBe("200");
        (await Split(shop, paid, "s1", ("a", "amount", 6_001))).Refusal.ShouldBe("409 split_no_reused");
        (await Split(shop, paid, "s1", ("b", "amount", 6_000))).Refusal.ShouldBe("409 split_no_reused");
        (await shop.Balances()).ShouldBe("merchant_pending 3940");
    }

    [Fact]
    public async Task A_refund_takes_its_part_of_the_shares_back()
    {
        var shop = await Shop.Open(server, "split-refund", new(SplitPpm: 100_000));
        var made = await shop.Pay(new("1", 10_000));
        Shares(made).ShouldBe("terms agent 1000");
        var before = await Agent();
        (await shop.Refund(made["payment_id"], "r1", 5_000))["status"].ShouldBe("succeeded");
        (before - await Agent()).ShouldBe(500);
        (await shop.Balances()).ShouldBe("merchant_pending 4470");
        (await shop.Refund(made["payment_id"], "r2", 5_000))["status"].ShouldBe("succeeded");
        (before - await Agent()).ShouldBe(1_000);
        (await shop.Balances()).ShouldBeEmpty();

        async Task<long> Agent()
        {
            await server.CaughtUp();
            return (await server.AsOperator("GET", "/v1/balances")).Json.EnumerateArray()
                .Single(one => one.GetProperty("account").GetString() == "split_receiver:agent")
                .GetProperty("balance").GetInt64();
        }
    }

    [Fact]
    public async Task A_split_that_cannot_be_made_is_refused()
    {
        var shop = await Shop.Open(server, "split-wrong");
        var paid = await shop.Paid("1", 10_000);
        (await Split(shop, paid, "s1")).Refusal.ShouldBe("422 split_has_no_receivers");
        (await Split(shop, paid, "s1", ("a", "amount", 1), ("a", "amount", 1)))
            .Refusal.ShouldBe("422 split_receiver_repeated");
        (await Split(shop, paid, "s1", ("a", "amount", 0))).Refusal.ShouldBe("422 split_amount_not_positive");
        (await Split(shop, paid, "s1", ("a", "amount", -1))).Refusal.ShouldBe("400 amount_out_of_range");
        (await Split(shop, paid, "s1", ("a", "rate", 1_000_001))).Refusal.ShouldBe("422 split_rate_out_of_range");
        (await Split(shop, paid, "s1\n", ("a", "amount", 1))).Refusal.ShouldBe("400 field_invalid");
        (await Split(shop, paid, "s1", ("a", "half", 1))).Refusal.ShouldBe("400 field_type_wrong");
        var pending = (await shop.Pay(Order.ByScan("2", 100)))["payment_id"];
        (await Split(shop, pending, "s1", ("a", "amount", 1))).Refusal.ShouldBe("409 payment_still_pending");
        (await shop.Post($"/v1/payments/{pending}/close")).Status.ShouldBe(200);
        (await shop.Balances()).ShouldBe("merchant_pending 9940");
    }

    [Fact]
    public async Task Splits_at_the_same_moment_never_sum_to_more_than_what_is_left()
    {
        var shop = await Shop.Open(server, "split-race");
        var paid = await shop.Paid("1", 10_000);
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(Give));
        answers.Count(answer => answer.Refusal == "201").ShouldBe(4);
        answers.Count(answer => answer.Refusal == "422 split_exceeds_payment").ShouldBe(4);
        (await shop.Balances()).ShouldBe("merchant_pending 1940");

        async Task<Answer> Give(int number)
        {
            Answer answer;
            do
                answer = await Split(shop, paid, $"s{number}", ("a", "amount", 2_000));
            while (answer.Status == 503);
            return answer;
        }
    }

    private static Task<Answer> Split(
        Shop shop, string payment, string no, params (string Receiver, string Basis, long Value)[] shares) =>
        shop.Post($"/v1/payments/{payment}/splits", new
        {
            split_no = no,
            shares = shares.Select(share => new
            {
                receiver = share.Receiver, basis = share.Basis, value = share.Value,
            }),
        });

    private static string Shares(Answer payment) => string.Join(", ", payment.Json.GetProperty("shares")
        .EnumerateArray().Select(share => $"{share.GetProperty("split_no").GetString()} "
            + $"{share.GetProperty("receiver").GetString()} {share.GetProperty("amount").GetInt64()}"));
}
