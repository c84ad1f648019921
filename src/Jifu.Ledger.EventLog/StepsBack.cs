namespace Jifu.Ledger.EventLog;

/// <summary>Reads a log backwards that can be read from any position, but only forwards: in steps, each read forwards.
/// </summary>
internal static class StepsBack
{
    /// <inheritdoc cref="IEventLog.ReadAllBackwards"/>
    /// <remarks>Where events are rare among the positions the steps grow.</remarks>
    public static async Task<IReadOnlyList<RecordedEvent>> Read(
        IEventLog log, long beforePosition, int countMax, CancellationToken cancellation)
    {
        var before = Math.Min(beforePosition, await log.Head(cancellation) + 1);
        for (long width = countMax; before > 0; width *= 2)
        {
            var from = Math.Max(before - width, 0);
            var step = await Between(log, from, before, countMax, cancellation);
            if (step.Count > 0)
                return [.. Enumerable.Reverse(step).Take(countMax)];
            before = from;
        }

        return [];
    }

    private static async Task<List<RecordedEvent>> Between(
        IEventLog log, long from, long before, int countMax, CancellationToken cancellation)
    {
        var (found, reached) = (new List<RecordedEvent>(), from - 1);
        while (true)
        {
            var page = await log.ReadAll(reached, countMax, cancellation);
            found.AddRange(page.Where(recorded => recorded.Position < before));
            if (page.Count == 0 || page[^1].Position >= before - 1)
                return found;
            reached = page[^1].Position;
        }
    }
}
