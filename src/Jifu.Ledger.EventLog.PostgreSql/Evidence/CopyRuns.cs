namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Cuts what is copied into appends: what follows on itself in a stream goes in one, as far as one takes
/// it.</summary>
internal static class CopyRuns
{
    public static IEnumerable<IReadOnlyList<RecordedEvent>> Of(IEnumerable<RecordedEvent> page)
    {
        var run = new List<RecordedEvent>();
        long bytes = 0;
        foreach (var one in page)
        {
            if (run.Count > 0 && !(Follows(run, one) && bytes + one.Payload.Length <= AppendCheck.BytesMax))
            {
                yield return run;
                (run, bytes) = ([], 0);
            }

            run.Add(one);
            bytes += one.Payload.Length;
        }

        if (run.Count > 0)
            yield return run;
    }

    // An append takes an id only once, where other programs may use it again.
    private static bool Follows(List<RecordedEvent> run, RecordedEvent one) =>
        one.Stream == run[^1].Stream && one.Version == run[^1].Version + 1
        && run.TrueForAll(other => other.EventId != one.EventId);
}
