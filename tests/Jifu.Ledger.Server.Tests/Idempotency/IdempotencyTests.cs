using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Idempotency;

[Collection("server")]
public class IdempotencyTests(ServerUnderTest server)
{
    private const string Body = """{"amount":100,"currency":"CNY"}""";

    [Fact]
    public async Task A_repeat_gets_the_first_answer_byte_by_byte_and_nothing_is_carried_out_again()
    {
        var first = await Post("replay-1", Body);
        first.Status.ShouldBe(201);
        first.Headers.Keys.ShouldNotContain("Idempotent-Replayed");
        var runs = server.Probe.Runs;
        foreach (var key in new[] { "replay-1", "\"replay-1\"" })
        {
            var again = await Post(key, Body);
            again.Body.ShouldBe(first.Body);
            again.Status.ShouldBe(201);
            again.Headers["Idempotent-Replayed"].ShouldBe("true");
            again.Headers["Location"].ShouldBe(first.Headers["Location"]);
            again.Headers["Content-Type"].ShouldBe(first.Headers["Content-Type"]);
        }

        server.Probe.Runs.ShouldBe(runs);
    }

    [Fact]
    public async Task A_key_stands_for_one_request_of_one_caller()
    {
        await Post("reuse-1", Body);
        (await Post("reuse-1", Body + " ")).Refusal.ShouldBe("422 idempotency_key_reused");
        var merchant = await server.Merchant("m-keyed");
        (await Post("reuse-1", Body + " ", merchant)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_repeat_that_comes_too_early_is_told_to_come_again()
    {
        (server.Probe.Entered, server.Probe.Leave) = (new(), new());
        const string Waiting = """{"amount":100,"currency":"CNY","behave":"wait"}""";
        var first = Post("slow-1", Waiting);
        await server.Probe.Entered.Task;
        var early = await Post("slow-1", Waiting);
        early.Refusal.ShouldBe("409 request_in_progress");
        early.Headers["Retry-After"].ShouldBe("1");
        early.Json.GetProperty("retryable").GetBoolean().ShouldBeTrue();
        server.Probe.Leave.SetResult();
        var answer = await first;
        answer.Status.ShouldBe(201);
        (await Post("slow-1", Waiting)).Body.ShouldBe(answer.Body);
    }

    [Fact]
    public async Task Many_at_once_are_carried_out_once()
    {
        var runs = server.Probe.Runs;
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Post("herd-1", Body)));
        (server.Probe.Runs - runs).ShouldBe(1);
        answers.Select(answer => answer.Refusal).Distinct().Except(["201", "409 request_in_progress"]).ShouldBeEmpty();
        answers.Where(answer => answer.Status == 201).Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_killed_process_had_begun_is_carried_out_by_the_repeat()
    {
        var first = await Post("killed-1", Body);
        var runs = server.Probe.Runs;

        // As a process leaves it that claimed the key and died: no answer, and a lease that runs out.
        await Change("status = NULL, body = NULL, leased_until = now() + interval '1 hour'");
        (await Post("killed-1", Body)).Refusal.ShouldBe("409 request_in_progress");
        await Change("leased_until = now() - interval '1 second'");
        (await Post("killed-1", Body + " ")).Refusal.ShouldBe("422 idempotency_key_reused");
        (await Post("killed-1", Body)).Body.ShouldNotBe(first.Body);
        server.Probe.Runs.ShouldBe(runs + 1);

        async Task Change(string what)
        {
            await using var connection = new NpgsqlConnection(server.Database.SuperuserConnection);
            await connection.ExecuteAsync($"UPDATE app.idempotency_key SET {what} WHERE key = 'killed-1'");
        }
    }

    [Fact]
    public async Task A_claim_lasts_as_long_as_the_request_and_that_of_a_process_that_died_a_few_seconds()
    {
        // As a killed server leaves it: it took the claim, and nobody speaks for it any more.
        await using (var databases = Databases.Of(server.Database.AppConnection))
        {
            var killed = new AnswerBook(databases, IdSource.TimeOrdered(TimeProvider.System));
            var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes($"POST\n/v1/probe\n{Body}"));
            (await killed.Take(await Scope(), "orphan-1", fingerprint, default)).ShouldBeOfType<Claim.Granted>();
        }

        (server.Probe.Entered, server.Probe.Leave) = (new(), new());
        const string Waiting = """{"amount":100,"currency":"CNY","behave":"wait"}""";
        var slow = Post("slow-2", Waiting);
        await server.Probe.Entered.Task;
        (await Post("orphan-1", Body)).Refusal.ShouldBe("409 request_in_progress");
        await Task.Delay(TimeSpan.FromSeconds(7));
        (await Post("orphan-1", Body)).Status.ShouldBe(201);
        (await Post("slow-2", Waiting)).Refusal.ShouldBe("409 request_in_progress");
        server.Probe.Leave.SetResult();
        (await slow).Status.ShouldBe(201);

        async Task<string> Scope()
        {
            await Post("orphan-0", Body);
            await using var connection = new NpgsqlConnection(server.Database.SuperuserConnection);
            return (await connection.ExecuteScalarAsync<string>(
                "SELECT scope FROM app.idempotency_key WHERE key = 'orphan-0'"))!;
        }
    }

    [Theory]
    [InlineData(null, "400 idempotency_key_missing")]
    [InlineData("", "400 idempotency_key_malformed")]
    [InlineData("\"", "400 idempotency_key_malformed")]
    [InlineData("\"\"", "400 idempotency_key_malformed")]
    [InlineData("a b", "400 idempotency_key_malformed")]
    [InlineData("a\"b", "400 idempotency_key_malformed")]
    public async Task A_key_is_one_to_255_visible_characters(string? key, string expected) =>
        (await Post(key, Body)).Refusal.ShouldBe(expected);

    [Fact]
    public async Task A_key_may_have_255_characters_and_no_more()
    {
        (await Post(new('k', 255), Body)).Status.ShouldBe(201);
        (await Post(new('k', 256), Body)).Refusal.ShouldBe("400 idempotency_key_malformed");
    }

    [Fact]
    public async Task A_refusal_by_a_rule_is_kept_and_a_request_that_could_not_be_read_is_not()
    {
        const string Refused = """{"amount":100,"currency":"CNY","behave":"refuse"}""";
        var first = await Post("refused-1", Refused);
        first.Refusal.ShouldBe("422 refund_exceeds_payment");
        (await Post("refused-1", Refused)).Body.ShouldBe(first.Body);

        (await Post("unread-1", """{"amount":-1,"currency":"CNY"}""")).Status.ShouldBe(400);
        (await Post("unread-1", Body)).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("break", "500 internal_error")]
    [InlineData("unavailable", "503 unavailable")]
    public async Task What_failed_on_our_side_may_be_tried_again_and_tells_nothing_of_us(string how, string expected)
    {
        var body = $$"""{"amount":100,"currency":"CNY","behave":"{{how}}"}""";
        var runs = server.Probe.Runs;
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var failed = await Post($"failed-{how}", body);
            failed.Refusal.ShouldBe(expected);
            failed.Body.ShouldNotContain("secret");
            failed.Body.ShouldNotContain("address");
        }

        (server.Probe.Runs - runs).ShouldBe(2);
    }

    private Task<Answer> Post(string? key, string body, RequestSigner? signer = null) => server.Send(
        signer ?? server.Operator, "POST", "/v1/probe", body, key is null ? [] : [("Idempotency-Key", key)]);
}
