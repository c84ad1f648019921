using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Idempotency;

public sealed class SharedWritesTests
{
    private readonly List<string> _statements = [];
    private readonly TaskCompletionSource _go = new();

    [Fact]
    public async Task What_gathers_while_two_statements_are_under_way_goes_with_the_next_and_each_gets_its_own_answer()
    {
        var writes = Shared(Held);
        var asked = Enumerable.Range(0, 5).Select(n => writes.Write($"{n}", default)).ToList();
        _statements.ShouldBe(["0", "1"]);
        _go.SetResult();
        (await Task.WhenAll(asked)).ShouldBe(Enumerable.Range(0, 5).Select(n => $"<{n}>"));
        _statements.ShouldBe(["0", "1", "2 3 4"]);
    }

    [Fact]
    public async Task A_database_that_is_slow_with_each_is_not_given_all_at_once()
    {
        var most = 0;
        var writes = Shared(async all =>
        {
            most = Math.Max(most, all.Count);
            await Task.Delay(400 * all.Count);
            return await Written(all);
        });
        (await Task.WhenAll(Enumerable.Range(0, 8).Select(n => writes.Write($"{n}", default)))).Length.ShouldBe(8);
        most.ShouldBeLessThanOrEqualTo(2);
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
