using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Idempotency;

public sealed class AnswerBookTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
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
        Task kept;
        await using (await few.Quick.OpenConnectionAsync())
        {
            kept = AsCaller();
            await Task.Delay(TimeSpan.FromSeconds(2.5));
            kept.IsCompleted.ShouldBeFalse();
        }

        await kept;
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
        await using var first = await Locked(databases.Quick, "order-0", "order-1");
        await using var middle = await Locked(databases.Quick, "order-m");
        List<Task> kept = [Kept("order-0")];
        await RunningServer.Until(async () => await Waiting() == 1);
        kept.Add(Kept("order-1"));
        await RunningServer.Until(async () => await Waiting() == 2);
        kept.AddRange(new[] { "order-z", "order-m", "order-a" }.Select(Kept));
        await first.DisposeAsync();
        await Task.WhenAll(kept[..2]);
        await RunningServer.Until(async () => await Unlocked(databases.Quick) == "order-0 order-1 order-z");
        await middle.DisposeAsync();
        await Task.WhenAll(kept);
        (await Unlocked(databases.Quick)).ShouldBe("order-0 order-1 order-a order-m order-z");

        Task Kept(string key) => book.Write(claimed[key], new(201, null, null, []));

        async Task<long> Waiting()
        {
            await using var connection = await databases.Quick.OpenConnectionAsync();
            return await connection.QuerySingleAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted");
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

    private static async Task<NpgsqlConnection> Locked(NpgsqlDataSource source, params string[] keys)
    {
        var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "BEGIN; SELECT FROM app.idempotency_key WHERE key = ANY (@keys) FOR UPDATE", new { keys });
        return connection;
    }

    private static async Task<string> Unlocked(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        return string.Join(' ', await connection.QueryAsync<string>("""
            SELECT key FROM (
                SELECT key FROM app.idempotency_key WHERE key LIKE 'order-_' FOR UPDATE SKIP LOCKED) AS free
            ORDER BY key
            """));
    }
}
