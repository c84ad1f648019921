using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Problems;

/// <summary>Each step of a call may take its time; the call as a whole takes ten seconds at most.</summary>
public sealed class PatienceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(9.5);

    [Theory]
    [InlineData("log.events", "app.nonce")]
    [InlineData("log.events", "app.idempotency_key")]
    public async Task A_call_is_answered_within_ten_seconds_also_when_one_step_after_the_other_is_slow(
        string log, string before)
    {
        var shop = await Shop.Open(server, $"patient-{before[4..8]}");
        var paid = await shop.Paid("first", 10_00);
        await using var holder = new NpgsqlConnection(server.Database.SuperuserConnection);
        await holder.OpenAsync();
        await using var letter = new NpgsqlConnection(server.Database.SuperuserConnection);
        await letter.OpenAsync();

        // The doors take four seconds, and then no event is written.
        await Held(holder, log);
        await Held(letter, before);
        var call = Told(() => shop.Refund(paid, "r1", 4_00, key: $"slow-{before}"));
        await Task.Delay(TimeSpan.FromSeconds(4));
        await letter.ExecuteAsync("ROLLBACK");
        var (refusal, took) = await call;
        refusal.ShouldBe("503 unavailable");
        took.ShouldBeLessThan(Bar);

        // Again and again while it lasts; then it is done, once.
        (await Told(() => shop.Refund(paid, "r1", 4_00, key: $"slow-{before}"))).Took.ShouldBeLessThan(Bar);
        await holder.ExecuteAsync("ROLLBACK");
        await RunningServer.Until(async () =>
            (await shop.Refund(paid, "r1", 4_00, key: $"slow-{before}")).Status is 200 or 201);
        (await shop.Timeline(paid)).Count(type => type == "refund_requested").ShouldBe(1);
        (await shop.Payment(paid)).Number("refundable").ShouldBe(6_00);
    }

    [Theory]
    [InlineData(6.2)]
    [InlineData(7.0)]
    public async Task What_was_done_late_is_answered_as_done_also_while_its_answer_is_not_kept(double seconds)
    {
        const string Body = """{"amount":100,"currency":"CNY","behave":"wait"}""";
        var key = FormattableString.Invariant($"late-{seconds}");
        (server.Probe.Entered, server.Probe.Leave) = (new(), new());
        var call = Post();
        await server.Probe.Entered.Task;
        await using var holder = new NpgsqlConnection(server.Database.SuperuserConnection);
        await holder.OpenAsync();
        await Held(holder, "app.idempotency_key");
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        server.Probe.Leave.SetResult();
        var done = await call;
        await holder.ExecuteAsync("ROLLBACK");
        (done.Status, done.Number("amount")).ShouldBe((201, 100));

        // The claim has ended meanwhile, for nobody could renew it: who comes before the answer is kept begins anew.
        await RunningServer.Until(() => holder.QuerySingleAsync<bool>(
            "SELECT status IS NOT NULL FROM app.idempotency_key WHERE key = @key", new { key }));
        var again = await Post();
        (again.Status, again.Body).ShouldBe((201, done.Body));

        Task<Answer> Post() =>
            server.Send(server.Operator, "POST", "/v1/probe", Body, ("Idempotency-Key", key));
    }

    private static Task<int> Held(NpgsqlConnection connection, string table) =>
        connection.ExecuteAsync($"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE");

    private static async Task<(string Refusal, TimeSpan Took)> Told(Func<Task<Answer>> call)
    {
        var began = Stopwatch.StartNew();
        return ((await call()).Refusal, began.Elapsed);
    }
}
