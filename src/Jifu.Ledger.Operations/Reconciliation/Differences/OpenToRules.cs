using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>The open differences that rules may take: all but those of which people have undone what a rule did, and
/// those that our own order, refund or cancellation may still book.</summary>
internal static class OpenToRules
{
    /// <param name="load">Tells how a difference stands, by its own stream: only that knows who undid it.</param>
    public static async Task<IReadOnlyList<OpenDifference>> Of(
        Channel channel, ArrivalQueries arrivals, Func<string, Task<Difference>> load, CancellationToken cancellation)
    {
        var open = new List<OpenDifference>();
        foreach (var row in await arrivals.Live(channel, cancellation))
        {
            if (row.Status == "open" && !row.Context(0).Awaits(row.Finding) && !(row.WasMatched
                && await load(row.DifferenceId) is Difference.Known { Life.IsLeftToPeople: true }))
                open.Add(row.Open);
        }

        return open;
    }
}
