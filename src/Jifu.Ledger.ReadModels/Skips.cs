using Jifu.Ledger.EventLog;
using Jifu.Ledger.Upkeep;

namespace Jifu.Ledger.ReadModels;

/// <summary>Which events people have taken out of which projection's way. It is in the log itself, so every replay
/// leaves out the same.</summary>
public sealed class Skips
{
    public static readonly Skips None = new([]);

    private readonly HashSet<(string Projection, long Position)> _skipped;

    private Skips(HashSet<(string Projection, long Position)> skipped) => _skipped = skipped;

    /// <summary>Where what people decided about a projection is recorded.</summary>
    public static StreamName StreamOf(string projection) => new("projection", projection);

    public bool Has(string projection, long position) => _skipped.Contains((projection, position));

    /// <summary>All skips of the given projections that are recorded now.</summary>
    public static async Task<Skips> Read(
        IEventLog log, IEnumerable<string> projections, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var skipped = new HashSet<(string, long)>();
        foreach (var projection in projections)
        {
            var history = await log.Load<ProjectionEvent>(LedgerEvents.Codec, StreamOf(projection), cancellation);
            foreach (var skip in history.Events.OfType<ProjectionEvent.EventSkipped>())
                skipped.Add((projection, skip.Position));
        }

        return new(skipped);
    }

    /// <summary>What of a page a projection is given.</summary>
    internal IReadOnlyList<Recorded<object>> Left(string projection, IReadOnlyList<Recorded<object>> page) =>
        _skipped.Count == 0 || page.All(recorded => !Has(projection, recorded.Position))
            ? page
            : [.. page.Where(recorded => !Has(projection, recorded.Position))];
}
