using Jifu.Ledger.Chaos.Faults;
using Jifu.Ledger.Chaos.Stage;

namespace Jifu.Ledger.Chaos;

/// <summary>One fault that can be caused.</summary>
/// <param name="Number">As in the fault matrix: <c>F1</c>.</param>
/// <param name="About">What is done.</param>
/// <param name="Usual">What a full run does.</param>
internal sealed record Fault(
    string Number, string About, ChaosOptions Usual, Func<House, ChaosOptions, Verdict, Task> Run,
    Func<Playground, Task<Cluster>>? Prepare = null)
{
    public static readonly IReadOnlyList<Fault> All =
    [
        new("F1", "kill -9 of the server under load", new(200, 0), KilledServer.Run),
        new("F2", "kill -9 of PostgreSQL's postmaster under load", new(30, 0), KilledDatabase.Run),
        new("F15", "SIGTERM to the server under load", new(50, 0), StoppedServer.Run),
    ];

    /// <summary>Opens a house, lets the fault strike, and judges.</summary>
    /// <returns>The verdict, closed.</returns>
    public async Task<Verdict> Strike(ChaosOptions options, TextWriter output)
    {
        output.WriteLine($"{Number}  {About}");
        var verdict = new Verdict(Number, output);
        await using (var house = await House.Open(Prepare))
            await Run(house, options, verdict);
        verdict.Close();
        return verdict;
    }
}
