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
        new("F3", "the database's answer to a commit is lost", new(50, 0), LostAnswer.Run),
        new("F4", "the database's disk is full, then the finance folder's", new(1, 15), FullDisk.Run, FullDisk.Prepare),
        new("F5", "fsync fails under PostgreSQL", new(10, 0), FailedSync.Run, FailedSync.Prepare),
        new("F6", "the server is killed while it writes a finance file", new(30, 10), TornExport.Run),
        new("F10", "the database is put back from a backup and its archive", new(1, 8), Restored.Run,
            Restored.Prepare),
        new("F13", "appends clash in the database", new(1, 8), Clashes.Run),
        new("F14", "five connections and a slow database; 400 clients, 3,000 at once", new(1, 10), SlowDatabase.Run),
        new("F15", "SIGTERM to the server under load", new(50, 0), StoppedServer.Run),
        new("F16", "two servers, and an event of a type that they do not know", new(1, 4), TwoVersions.Run),
        new("F37", "all read models are made again under load; a round is 1,000 past events", new(1_000, 0),
            RebuiltLive.Run),
        new("lost", "the database comes back without its last commits, beneath a living server", new(1, 4),
            LostTail.Run),
        new("stuck", "one of two servers is stopped (SIGSTOP) under load, and killed", new(20, 0), StuckNeighbour.Run),
        new("gone", "clients vanish in the middle of requests and answers", new(200, 0), GoneClients.Run),
    ];

    /// <summary>Opens a house, lets the fault strike, and judges. A run that breaks off has failed.</summary>
    /// <returns>The verdict, closed.</returns>
    public async Task<Verdict> Strike(ChaosOptions options, TextWriter output)
    {
        output.WriteLine($"{Number}  {About}");
        var verdict = new Verdict(Number, output);
        try
        {
            await using var house = await House.Open(Prepare);
            await Run(house, options, verdict);
        }
        catch (Exception e)
        {
            // Whatever it was, nothing has been shown, and those who come after still have their turn.
            verdict.Holds("the run comes to its end", false, $"{e.GetType().Name}: {e.Message}");
        }

        verdict.Close();
        return verdict;
    }
}
