using Npgsql;

namespace Jifu.Ledger.Server.Tests.Audit;

/// <summary>Places in the log that cannot be told of, or not yet.</summary>
public sealed class PointTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    [Theory]
    [InlineData("/v1/ops/events?to=9999-12-31")]
    [InlineData("/v1/ops/events?from=0001-01-01")]
    [InlineData("/v1/ops/events?to=9999-12-31T23:59:59.9999999Z")]
    [InlineData("/v1/ops/accounts/bank/why?as_of=9999-12-31")]
    [InlineData("/v1/balances?as_of=9999-12-31")]
    [InlineData("/v1/balances?as_of=2099-01-01T00:00:00Z")]
    public async Task A_moment_at_the_calendars_end_or_in_the_future_is_refused(string target) =>
        (await server.Running.AsOperator("GET", target)).Refusal.ShouldBe("400 parameter_invalid");

    [Fact]
    public async Task A_balance_as_of_a_position_that_the_journal_has_not_reached_is_not_told()
    {
        await using var other = new ServerUnderTest();
        await other.InitializeAsync();
        await other.Merchant("reached");
        await other.CaughtUp();
        var head = await other.Head();
        (await other.AsOperator("GET", $"/v1/balances?as_of={head}")).Refusal.ShouldBe("200");

        // As if the journal were stopped one event before: nothing new wakes it.
        await using var source = NpgsqlDataSource.Create(other.Database.AppConnection);
        await using var command = source.CreateCommand(
            "UPDATE views.checkpoint SET position = position - 1 WHERE projection = 'journal'");
        await command.ExecuteNonQueryAsync();
        var answer = await other.AsOperator("GET", $"/v1/balances?as_of={head}");
        answer.Refusal.ShouldBe("503 unavailable");
        answer["detail"].ShouldContain($"has not come to {head} yet");
        (await other.AsOperator("GET", $"/v1/balances?as_of={head - 1}")).Refusal.ShouldBe("200");
    }

    [Fact]
    public async Task A_journal_that_has_stopped_says_so_at_once_and_where()
    {
        var other = new AuditedServer();
        await other.InitializeAsync();
        var last = await other.Running.Head();
        await other.Strangers(["{}"u8.ToArray()]);
        await RunningServer.Until(async () =>
            (await other.Running.AsOperator("GET", "/v1/ops/projections")).Body.Contains("unheard_of"));
        string[] targets =
        [
            "/v1/balances?as_of=now", $"/v1/balances?as_of={last + 1}", "/v1/ops/diff?from=start&to=now",
            $"/v1/balances?as_of={BusinessDay.Of(TimeProvider.System.GetUtcNow())}",
            "/v1/ops/accounts/fee_income/why", "/v1/ops/accounts/fee_income/lines",
        ];
        var began = TimeProvider.System.GetTimestamp();
        foreach (var target in targets)
        {
            var answer = await other.Running.AsOperator("GET", target);
            answer.Refusal.ShouldBe("409 fold_stopped", target);
            answer["detail"].ShouldContain(
                $"The projection journal has stopped at event {last + 1} (payment.unheard_of) and holds what came up "
                + $"to {last}: ");
        }

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        var told = (await other.Running.AsOperator("GET", $"/v1/balances?as_of={last}")).Json;
        told.EnumerateArray().ShouldAllBe(one => one.GetProperty("as_of").GetInt64() == last);
        (await other.Running.AsOperator("GET", "/v1/balances")).Refusal.ShouldBe("200");
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Why_a_balance_is_what_it_is_is_held_against_the_balance_that_is_kept()
    {
        var story = (await server.Running.AsOperator("GET", "/v1/ops/accounts/merchant_pending:m1/why?as_of=12")).Json
            .GetProperty("currencies")[0];
        story.GetProperty("balance").GetInt64().ShouldBe(story.GetProperty("closing").GetInt64());
        await using var source = NpgsqlDataSource.Create(server.Running.Database.AppConnection);
        await using var command = source.CreateCommand(
            "UPDATE views.balance SET debit_minor = debit_minor + 7 WHERE account = 'merchant_pending:m1'");
        await command.ExecuteNonQueryAsync();
        story = (await server.Running.AsOperator("GET", "/v1/ops/accounts/merchant_pending:m1/why")).Json
            .GetProperty("currencies")[0];
        story.GetProperty("balance").GetInt64().ShouldBe(story.GetProperty("closing").GetInt64() - 7);
    }
}
