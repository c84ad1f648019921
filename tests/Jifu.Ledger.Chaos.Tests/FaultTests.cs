using Jifu.Ledger.Chaos.Stage;
using Xunit.Abstractions;

namespace Jifu.Ledger.Chaos.Tests;

/// <summary>Each fault strikes once or twice; the long runs are <c>scripts/chaos</c>. Criteria of time are left to
/// those.</summary>
public sealed class FaultTests(FaultTests.OneHouse house, ITestOutputHelper output) : IClassFixture<FaultTests.OneHouse>
{
    [Theory]
    [InlineData("F1", 2)]
    [InlineData("F2", 1)]
    [InlineData("F3", 2)]
    [InlineData("F15", 1)]
    [InlineData("gone", 12)]
    public async Task Every_promise_is_kept(string number, int rounds)
    {
        var fault = Fault.All.Single(one => one.Number == number);
        using var told = new StringWriter();
        var verdict = new Verdict(number, told);
        await fault.Run(house.Standing, fault.Usual with { Rounds = rounds, Seconds = 1 }, verdict);
        output.WriteLine($"{told}");
        verdict.Broken.ShouldBeEmpty($"{told}");
    }

    [Fact]
    public async Task A_server_whose_database_has_lost_its_last_commits_ends_and_starts_anew()
    {
        using var told = new StringWriter();
        var verdict = await Fault.All.Single(one => one.Number == "lost").Strike(new(1, 1), told);
        output.WriteLine($"{told}");
        verdict.Broken.ShouldBeEmpty($"{told}");
    }

    /// <summary>A house that has stood through all the faults before.</summary>
    public sealed class OneHouse : IAsyncLifetime
    {
        internal House Standing { get; private set; } = null!;

        public async Task InitializeAsync() => Standing = await House.Open();

        public async Task DisposeAsync() => await Standing.DisposeAsync();
    }
}
