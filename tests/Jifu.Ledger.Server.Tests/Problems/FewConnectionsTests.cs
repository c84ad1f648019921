using System.Diagnostics;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Problems;

/// <summary>A server with five connections, all of which are taken.</summary>
public sealed class FewConnectionsTests(FewConnectionsTests.FiveConnections server)
    : IClassFixture<FewConnectionsTests.FiveConnections>
{
    // Two seconds of waiting; the rest is for a machine that has other work. One wait alone took five.
    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData("refund")]
    [InlineData("payment")]
    [InlineData("look")]
    public async Task Whoever_gets_no_connection_is_told_soon_that_nothing_was_done(string what)
    {
        var shop = await Shop.Open(server, $"few-{what}");
        var paid = await shop.Paid("first", 10_00);
        Answer answer;
        await using (await Taken.All(Quick))
        {
            var began = Stopwatch.StartNew();
            answer = await (what switch
            {
                "refund" => shop.Refund(paid, "r1", 4_00),
                "payment" => shop.Pay(new("2", 5_00)),
                _ => shop.Payment(paid),
            });
            began.Elapsed.ShouldBeLessThan(Bar);
        }

        answer.Refusal.ShouldBe("503 unavailable");
        int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeInRange(1, 2);
        answer["detail"].ShouldContain("has done nothing");
        (await shop.Payment(paid)).Number("refundable").ShouldBe(10_00);
    }

    [Fact]
    public async Task The_waits_of_all_steps_count_together()
    {
        var shop = await Shop.Open(server, "few-steps");
        var paid = await shop.Paid("first", 10_00);
        await using var taken = await Taken.All(Quick);
        var began = Stopwatch.StartNew();
        var refund = shop.Refund(paid, "r1", 4_00);

        // The nonce gets a connection after a second and a half, which somebody else has when the next step wants it.
        await Task.Delay(300);
        var waiter = Quick.OpenConnectionAsync();
        await Task.Delay(1_200);
        await taken.GiveBackOne();
        taken.Add(await waiter);
        (await refund).Refusal.ShouldBe("503 unavailable");
        began.Elapsed.ShouldBeLessThan(Bar);
        await taken.DisposeAsync();
        (await shop.Payment(paid)).Number("refundable").ShouldBe(10_00);
    }

    [Fact]
    public async Task A_burst_that_five_connections_work_off_is_served_whole()
    {
        var shop = await Shop.Open(server, "few-burst");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(n => shop.Pay(new($"burst-{n}", 1_00))));
        answers.ShouldAllBe(answer => answer.Status == 201);
    }

    [Fact]
    public async Task Who_shares_an_answer_waits_for_as_long_as_he_will_and_not_as_the_first_who_asked()
    {
        var funds = new KnownFunds(server.Room<IEventLog>(), Look);
        await using var taken = await Taken.All(Quick);
        var (hasty, patient) = (AsCaller(), IsRegistered());
        await hasty.ShouldThrowAsync<NpgsqlException>();
        await Task.Delay(500);
        patient.IsCompleted.ShouldBeFalse();
        await taken.DisposeAsync();
        (await patient).ShouldBeTrue();

        Task<bool> IsRegistered() => funds.IsRegistered(new("few-shared"), Currency.CNY, default);

        async Task AsCaller()
        {
            CallerPatience.Begin();
            await IsRegistered();
        }

        async Task<IReadOnlyDictionary<(MerchantId, Currency), FundsRow>> Look(
            IReadOnlyCollection<(MerchantId Merchant, Currency Currency)> asked, CancellationToken cancellation)
        {
            await using var connection = await CallerPatience.Open(Quick, cancellation);
            return asked.ToDictionary(one => one, _ => new FundsRow(FundsFacts.None(Currency.CNY), 0, -1, true));
        }
    }

    [Fact]
    public async Task Who_has_no_caller_waits_for_as_long_as_it_takes()
    {
        await using var taken = await Taken.All(Quick);
        var patient = CallerPatience.Open(Quick, default);
        await Task.Delay(3_000);
        patient.IsCompleted.ShouldBeFalse();
        await taken.DisposeAsync();
        await using var connection = await patient;
        connection.ProcessID.ShouldBePositive();
    }

    private NpgsqlDataSource Quick => server.Room<Databases>().Quick;

    /// <summary>Connections that nobody else has meanwhile.</summary>
    private sealed class Taken : IAsyncDisposable
    {
        private readonly Queue<NpgsqlConnection> _connections = [];

        public static async Task<Taken> All(NpgsqlDataSource source)
        {
            var taken = new Taken();
            for (var i = 0; i < 5; i++)
                taken.Add(await source.OpenConnectionAsync());
            return taken;
        }

        public void Add(NpgsqlConnection connection) => _connections.Enqueue(connection);

        public ValueTask GiveBackOne() => _connections.Dequeue().DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            while (_connections.Count > 0)
                await GiveBackOne();
        }
    }

    /// <summary>The server.</summary>
    public sealed class FiveConnections : ServerUnderTest
    {
        public override string[] Arguments(string home, int port = 0) =>
        [
            .. base.Arguments(home, port),
            $"--ConnectionStrings:Ledger={Database.AppConnection};Maximum Pool Size=5",
        ];
    }
}
