namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>One comparison while it goes on: the lines that wait for a row of the bill, and what was found.</summary>
internal sealed class OpenLines
{
    private readonly LedgerDay ours;
    private readonly Dictionary<string, LedgerLine> lines;
    private readonly Dictionary<string, CarriedLine> carriedOurs;
    private readonly Dictionary<string, CarriedLine> settledTheirs;
    private readonly Dictionary<string, LedgerLine> neighbours;
    private readonly HashSet<string> met = [];
    private readonly List<Discrepancy> found = [];
    private readonly List<CutOff> carried = [];
    private readonly List<CarriedLine> carriedMet = [];
    private readonly Dictionary<string, List<BillLine>> repeats = [];
    private readonly HashSet<string> strangers = [];

    // Of refunds: the payment that the first row of a number gives back.
    private readonly Dictionary<string, string> refunded = [];

    // What the channel gives to somebody else, by what it is about.
    private readonly Dictionary<string, SplitAtChannel> splits = [];
    private int matched;

    public OpenLines(LedgerDay ours)
    {
        this.ours = ours;
        lines = ours.Lines.ToDictionary(line => line.Key);
        carriedOurs = ours.Carried.Where(line => line.Side is CarrySide.Ours).ToDictionary(line => line.Line.Key);
        settledTheirs = ours.Settled.Where(line => line.Side is CarrySide.Theirs).ToDictionary(line => line.Line.Key);
        neighbours = ours.Neighbours.Where(ours.IsNear).ToDictionary(line => line.Key);

        // An earlier bill had these rows: our lines have met them, and another row would be one too many.
        foreach (var earlier in ours.Carried.Where(line => line.Side is CarrySide.Theirs))
        {
            if (lines.Remove(earlier.Line.Key) && met.Add(earlier.Line.Key))
                carriedMet.Add(earlier);
        }

        // Another day has taken these lines of ours for its own: a row of this bill would be one too many.
        foreach (var settled in ours.Settled.Where(line => line.Side is CarrySide.Ours))
        {
            if (lines.Remove(settled.Line.Key))
                carried.Add(new(settled));
        }
    }

    public Comparison Meet(IEnumerable<BillLine> theirs)
    {
        var (theirNet, theirPaid) = (Money.Zero(ours.Currency), Money.Zero(ours.Currency));
        foreach (var row in theirs)
        {
            var given = row.Given ?? Money.Zero(ours.Currency);
            theirNet += row.Net - given;
            theirPaid += (row.Paid ?? row.Net) - given;
            Meet(row);
        }

        // Another day counts on these rows of the bill before.
        carried.AddRange(settledTheirs.Values.Select(line => new CutOff(line)));
        found.AddRange(settledTheirs.Values.Select(line => new OnlyWithUs(line.Line)));
        var lost = carriedOurs.Values.Where(line => BusinessDay.Of(line.Line.At) < ours.Day).ToList();
        found.AddRange(lost.Select(line => new OnlyWithUs(line.Line)));
        foreach (var line in ours.Lines.Where(line => lines.ContainsKey(line.Key)))
            Miss(line);
        found.AddRange(repeats.Select(rows => new Duplicate(
            rows.Key, rows.Value.Count + 1, strangers.Contains(rows.Key) ? 0 : 1,
            Lines.NetOf(rows.Value, ours.Currency), rows.Value[0])));
        found.AddRange(splits.Values.Where(split => !split.Given.IsZero));
        var ourNet = ours.Lines.Select(line => line.Net).Sum(ours.Currency);
        return new(matched, found, carried, carriedMet, lost, theirNet, ourNet, theirPaid);
    }

    private void Meet(BillLine row)
    {
        var about = About(row);
        if (row.Given is { } given)
            splits[about] = splits.TryGetValue(about, out var split)
                ? new(split.Line, about, split.Given + given)
                : new(row, about, given);
        if (!met.Add(about))
        {
            if (!repeats.TryGetValue(about, out var rows))
                repeats.Add(about, rows = []);
            rows.Add(row);
        }
        else if (about != row.Key)
        {
            strangers.Add(about);
            found.Add(new OnlyAtChannel(row, about));
        }
        else if (lines.Remove(row.Key, out var line))
        {
            matched += Differences(row, line) == 0 ? 1 : 0;
        }
        else if (carriedOurs.Remove(row.Key, out var earlier))
        {
            carriedMet.Add(earlier);
            Differences(row, earlier.Line);
        }
        else if (settledTheirs.Remove(row.Key, out var settled))
        {
            carried.Add(new(settled));
            Differences(row, settled.Line);
        }
        else if (neighbours.TryGetValue(row.Key, out var near))
        {
            carried.Add(new(new(CarrySide.Theirs, near)));
            Differences(row, near);
        }
        else
        {
            strangers.Add(row.Key);
            found.Add(new OnlyAtChannel(row));
        }
    }

    // Some channels know a refund's number within its payment only: one of another payment is another refund.
    private string About(BillLine row)
    {
        if (row.Payment is not { Length: > 0 } payment || refunded.TryAdd(row.Key, payment)
            || refunded[row.Key] == payment)
            return row.Key;
        return $"{row.Key}@{payment}";
    }

    private void Miss(LedgerLine line)
    {
        if (ours.IsLate(line))
            carried.Add(new(new(CarrySide.Ours, line)));
        else
            found.Add(new OnlyWithUs(line));
    }

    private int Differences(BillLine row, LedgerLine line)
    {
        var before = found.Count;
        found.AddRange(Pair.Differences(row, line));
        return found.Count - before;
    }
}
