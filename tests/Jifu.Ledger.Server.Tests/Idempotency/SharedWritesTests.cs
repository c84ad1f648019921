using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Idempotency;

public sealed class SharedWritesTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly List<string> _statements = [];
    private readonly TaskCompletionSource _go = new();

    [Fact]
    public async Task What_gathers_while_two_statements_are_under_way_goes_with_the_next_and_each_gets_its_own_answer()
    {
        var writes = Shared(Held);
        var asked = Enumerable.Range(0, 12).Select(n => writes.Write($"{n}", default)).ToList();
        _statements.ShouldBe(["0", "1"]);
        _go.SetResult();
        (await Task.WhenAll(asked)).ShouldBe(Enumerable.Range(0, 12).Select(n => $"<{n}>"));
        _statements.ShouldBe(["0", "1", "2 3 4 5 6 7 8 9 10 11"]);
    }

    [Fact]
    public async Task A_statement_that_hangs_holds_up_nobody_else()
    {
        var writes = Shared(all => all is ["0"] ? Held(all) : Written(all));
        var hangs = writes.Write("0", default);
        (await Task.WhenAll(writes.Write("1", default), writes.Write("2", default))).ShouldBe(["<1>", "<2>"]);
        hangs.IsCompleted.ShouldBeFalse();
        _go.SetResult();
        (await hangs).ShouldBe("<0>");
    }

    [Theory]
    [InlineData(PostgresErrorCodes.CheckViolation, "<2> <4>")]
    [InlineData(PostgresErrorCodes.DeadlockDetected, "<2> <4>")]
    [InlineData(PostgresErrorCodes.AdminShutdown, "")]
    [InlineData(PostgresErrorCodes.StatementCompletionUnknown, "")]
    public async Task What_one_is_refused_for_does_not_fail_its_neighbours_and_what_may_be_done_is_not_done_again(
        string state, string done)
    {
        var writes = Shared(async all =>
        {
            var written = await Held(all);
            return all.Contains("3") ? throw new PostgresException("no", "ERROR", "ERROR", state) : written;
        });
        var asked = Enumerable.Range(0, 5).Select(n => writes.Write($"{n}", default)).ToList();
        _go.SetResult();
        await Task.WhenAll(asked).ShouldThrowAsync<PostgresException>();
        var neighbours = asked[2..].Where(task => task.IsCompletedSuccessfully).Select(task => task.Result);
        string.Join(' ', neighbours).ShouldBe(done);
        asked[3].IsFaulted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_has_gone_away_is_not_written_for()
    {
        using var gone = new CancellationTokenSource();
        var writes = Shared(Held);
        List<Task<string>> asked =
            [writes.Write("0", default), writes.Write("1", default), writes.Write("2", gone.Token)];
        asked.Add(writes.Write("3", default));
        await gone.CancelAsync();
        await asked[2].ShouldThrowAsync<OperationCanceledException>();
        _go.SetResult();
        (await asked[3]).ShouldBe("<3>");
        _statements.ShouldBe(["0", "1", "3"]);
    }

    [Fact]
    public async Task Without_a_connection_all_who_wait_are_told_and_the_next_try_again()
    {
        var none = true;
        var writes = new SharedWrites<string, string>(
            async () =>
            {
                await _go.Task;
                return none ? throw new NpgsqlException("none") : new NpgsqlConnection();
            },
            (_, all) => Written(all));
        var asked = Enumerable.Range(0, 5).Select(n => writes.Write($"{n}", default)).ToList();
        _go.SetResult();
        foreach (var one in asked)
            await one.ShouldThrowAsync<NpgsqlException>();
        none = false;
        (await writes.Write("5", default)).ShouldBe("<5>");
    }

    [Fact]
    public async Task Who_comes_after_a_connection_was_asked_for_is_not_told_that_it_failed()
    {
        var opened = 0;
        var writes = new SharedWrites<string, string>(
            async () =>
            {
                var number = Interlocked.Increment(ref opened);
                await _go.Task;
                return number <= 2 ? throw new NpgsqlException("none") : new NpgsqlConnection();
            },
            (_, all) => Written(all));
        var asked = Enumerable.Range(0, 5).Select(n => writes.Write($"{n}", default)).ToList();
        _go.SetResult();
        await asked[0].ShouldThrowAsync<NpgsqlException>();
        (await Task.WhenAll(asked[2..])).ShouldBe(["<2>", "<3>", "<4>"]);
    }

    [Fact]
    public async Task A_caller_waits_for_a_shared_connection_no_longer_than_for_his_own()
    {
        var writes = new SharedWrites<string, string>(
            async () =>
            {
                await _go.Task;
                return new();
            },
            (_, all) => Written(all));
        var (patient, hasty) = (writes.Write("0", default), AsCaller(() => writes.Write("1", default)));
        await hasty.ShouldThrowAsync<NpgsqlException>();
        _go.SetResult();
        (await patient).ShouldBe("<0>");

        static async Task<string> AsCaller(Func<Task<string>> ask)
        {
            CallerPatience.Begin();
            return await ask();
        }
    }

    [Fact]
    public async Task An_answer_is_kept_also_when_whoever_waits_for_it_has_no_patience_left()
    {
        await using var few = Databases.Of(new NpgsqlConnectionStringBuilder(server.Database.AppConnection)
        {
            MaxPoolSize = 1,
        }.ConnectionString);
        var book = new AnswerBook(few, IdSource.TimeOrdered(TimeProvider.System));
        var same = SHA256.HashData("patience"u8);
        var granted = (await book.Take("operator", "patience", same, default)).ShouldBeOfType<Claim.Granted>();
        await using (await few.Quick.OpenConnectionAsync())
        {
            var kept = AsCaller();
            await Task.Delay(TimeSpan.FromSeconds(2.5));
            kept.IsCompleted.ShouldBeFalse();
            _ = kept.ContinueWith(_ => _go.TrySetResult(), TaskScheduler.Default);
        }

        await _go.Task;
        (await book.Take("operator", "patience", same, default)).ShouldBeOfType<Claim.Answered>();

        async Task AsCaller()
        {
            CallerPatience.Begin();
            await book.Write(granted.Key, new(201, null, null, []));
        }
    }

    [Fact]
    public async Task Answers_are_kept_in_the_order_in_which_claims_are_taken()
    {
        await using var databases = Databases.Of(server.Database.AppConnection);
        var book = new AnswerBook(databases, IdSource.TimeOrdered(TimeProvider.System));
        var claimed = new Dictionary<string, ClaimedKey>();
        foreach (var key in new[] { "order-z", "order-m", "order-a", "order-0", "order-1" })
            claimed.Add(key, (await book.Take("operator", key, new byte[32], default))
                .ShouldBeOfType<Claim.Granted>().Key);

        // Two statements hang, so that the other answers gather for one; and that one hangs in its middle.
        await using var first = await Locked("order-0", "order-1");
        await using var middle = await Locked("order-m");
        List<Task> kept = [Kept("order-0")];
        await RunningServer.Until(async () => await Waiting() == 1);
        kept.Add(Kept("order-1"));
        await RunningServer.Until(async () => await Waiting() == 2);
        kept.AddRange(new[] { "order-z", "order-m", "order-a" }.Select(Kept));
        await first.DisposeAsync();
        await Task.WhenAll(kept[..2]);
        await RunningServer.Until(async () => await Unlocked() == "order-0 order-1 order-z");
        await middle.DisposeAsync();
        await Task.WhenAll(kept);
        (await Unlocked()).ShouldBe("order-0 order-1 order-a order-m order-z");

        Task Kept(string key) => book.Write(claimed[key], new(201, null, null, []));

        async Task<long> Waiting()
        {
            await using var connection = await databases.Quick.OpenConnectionAsync();
            return await connection.QuerySingleAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted");
        }

        async Task<NpgsqlConnection> Locked(params string[] keys)
        {
            var connection = await databases.Quick.OpenConnectionAsync();
            await connection.ExecuteAsync(
                "BEGIN; SELECT FROM app.idempotency_key WHERE key = ANY (@keys) FOR UPDATE", new { keys });
            return connection;
        }

        async Task<string> Unlocked()
        {
            await using var connection = await databases.Quick.OpenConnectionAsync();
            return string.Join(' ', await connection.QueryAsync<string>("""
                SELECT key FROM (SELECT key FROM app.idempotency_key WHERE key LIKE 'order-_' FOR UPDATE SKIP LOCKED) AS free
                ORDER BY key
                """));
        }
    }

    [Fact]
    public async Task Of_many_at_once_on_two_servers_one_has_the_key_and_one_the_nonce()
    {
        await using var one = Databases.Of(server.Database.AppConnection);
        await using var other = Databases.Of(server.Database.AppConnection);
        var ids = IdSource.TimeOrdered(TimeProvider.System);
        var books = new[] { new AnswerBook(one, ids), new AnswerBook(other, ids) };
        var nonces = new[] { new Nonces(one), new Nonces(other) };
        var same = SHA256.HashData("same"u8);

        // In another order on each: what is locked in no order would wait in a circle.
        var keys = Enumerable.Range(0, 40).Select(n => $"crowd-{n}").ToList();
        var asked = Enumerable.Range(0, 400).Select(n => (Key: keys[(n * 7 + n / 40 * 13) % 40], On: n % 2)).ToList();
        var claims = await Task.WhenAll(asked.Select(async ask => (
            ask.Key, Claim: await books[ask.On].Take("operator", ask.Key, same, default))));
        var firsts = await Task.WhenAll(asked.Select(async ask => (
            ask.Key, First: await nonces[ask.On].Use("crowd", ask.Key, default))));

        claims.Where(one => one.Claim is Claim.Granted).Select(one => one.Key).Order().ShouldBe(keys.Order());
        claims.Count(one => one.Claim is Claim.UnderWay).ShouldBe(360);
        firsts.Where(one => one.First).Select(one => one.Key).Order().ShouldBe(keys.Order());

        var granted = (Claim.Granted)claims.First(one => one.Claim is Claim.Granted).Claim;
        var key = claims.First(one => one.Claim == granted).Key;
        var reused = await books[0].Take("operator", key, SHA256.HashData("another"u8), default);
        reused.ShouldBeOfType<Claim.Reused>();
        await books[1].Write(granted.Key, new(201, null, "/v1/x", Encoding.UTF8.GetBytes("{}")));
        var kept = (await books[0].Take("operator", key, same, default)).ShouldBeOfType<Claim.Answered>().Answer;
        (kept.Status, kept.ContentType, kept.Location, Encoding.UTF8.GetString(kept.Body))
            .ShouldBe(((short)201, null, "/v1/x", "{}"));
    }

    private static SharedWrites<string, string> Shared(
        Func<IReadOnlyList<string>, Task<IReadOnlyList<string>>> write) =>
        new(() => Task.FromResult(new NpgsqlConnection()), (_, all) => write(all));

    private async Task<IReadOnlyList<string>> Held(IReadOnlyList<string> all)
    {
        lock (_statements)
            _statements.Add(string.Join(' ', all));
        await _go.Task;
        return await Written(all);
    }

    private static Task<IReadOnlyList<string>> Written(IReadOnlyList<string> all) =>
        Task.FromResult<IReadOnlyList<string>>([.. all.Select(one => $"<{one}>")]);
}
