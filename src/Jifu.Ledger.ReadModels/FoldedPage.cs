namespace Jifu.Ledger.ReadModels;

/// <summary>What one projection made of a page.</summary>
internal sealed record Change(IProjection Projection, IReadOnlyList<Statement> Statements)
{
    /// <summary>About how much work it is to write.</summary>
    public long Rows { get; } = Statements.Sum(statement => Math.Max(statement.Rows, 0));
}

/// <summary>A page with what every projection of a cohort made of it, or why one could not.</summary>
internal sealed record FoldedPage(Page Page, IReadOnlyList<Change> Changes, Exception? Fault)
{
    /// <summary>All changes, in two parts of about the same work; each has one at least when there are two.</summary>
    public (List<Change> First, List<Change> Second) Halves()
    {
        var (first, second) = (new List<Change>(), new List<Change>());
        var more = 0L;
        foreach (var change in Changes.OrderByDescending(change => change.Rows))
        {
            var goesFirst = more < 0 || (more == 0 && first.Count <= second.Count);
            (goesFirst ? first : second).Add(change);
            more += goesFirst ? change.Rows : -change.Rows;
        }

        return (first, second);
    }
}
