using System.Text.RegularExpressions;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Docs;

/// <summary>The SQL that an operator is told to run when something is wrong does what the page says, as it stands
/// there.</summary>
public sealed partial class TroublesPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Each_block_of_SQL_runs_as_it_stands_and_views_begun_anew_are_the_same_again()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(
            AppContext.BaseDirectory.Split("/tests/")[0], "docs", "operating", "troubles.md"));
        var blocks = Blocks().Matches(page).Select(block => block.Groups[1].Value).ToList();
        blocks.Count.ShouldBe(4);

        var shop = await Shop.Open(server, "troubled");
        await shop.Paid("1", 10_000);
        await server.AsOperator("POST", "/v1/ops/audit/checkpoints");
        await server.CaughtUp();
        var (listed, key) = ((await shop.Get("/v1/payments")).Body, (await Key())["key_id"]);
        var signedBy = (await server.AsOperator("GET", "/v1/ops/audit/keys")).Json[0].GetProperty("key_id").GetString();

        await AsOwner(Of("revoked_at").Replace("op_…", key, StringComparison.Ordinal));
        (await server.AsOperator("GET", "/v1/ops/keys")).Json.GetProperty("items").EnumerateArray()
            .Where(one => one.TryGetProperty("ended_at", out _)).Select(one => one.GetProperty("key_id").GetString())
            .ShouldBe([key]);
        ((string?)await AsOwner(Of("public_key").Replace("…", signedBy, StringComparison.Ordinal)))
            .ShouldNotBeNull().ShouldStartWith("-----BEGIN PUBLIC KEY-----");
        await AsOwner(Of("TRUNCATE"));
        (await server.AsSuperuser<long>("SELECT count(*) FROM views.payment")).ShouldBe(0);
        await server.Restart();
        await server.CaughtUp();
        (await shop.Get("/v1/payments")).Body.ShouldBe(listed);
        (await server.AsSuperuser<long>("SELECT count(*) FROM views.checkpoint WHERE position < 0")).ShouldBe(0);

        await AsOwner(Of("secret_sealed"));
        (await server.AsSuperuser<long>("SELECT count(*) FROM app.api_key")).ShouldBe(0);

        string Of(string word) => blocks.Single(sql => sql.Contains(word, StringComparison.Ordinal));
    }

    private async Task<Answer> Key() => await server.AsOperator("POST", "/v1/ops/keys", """{"role":"operator"}""");

    private async Task<object?> AsOwner(string sql)
    {
        await using var owner = NpgsqlDataSource.Create(server.Database.OwnerConnection);
#pragma warning disable CA2100 // The page's own.
        await using var command = owner.CreateCommand(sql);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    [GeneratedRegex("^ *```sql\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
