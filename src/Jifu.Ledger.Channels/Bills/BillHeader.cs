namespace Jifu.Ledger.Channels.Bills;

/// <summary>Where each known heading stands in a line of headings, whichever their order. Headings that nobody knows
/// are passed over; one that stands twice, or a required one that is missing, refuses the bill.</summary>
internal sealed class BillHeader<THeading> where THeading : struct, Enum
{
    private const int CountMax = 200;

    private readonly Dictionary<THeading, int> places = [];

    public BillHeader(
        string line, BillText file, IReadOnlyDictionary<string, THeading> known, IEnumerable<THeading> required)
    {
        var names = line.Split(',');
        if (names.Length > CountMax)
            throw file.Reject(BillRejection.BillHeaderUnknown, 1, $"at most {CountMax} headings, not {names.Length}");
        Names = [.. names.Select(Plain)];
        for (var (place, column) = (0, 1); place < names.Length; column += names[place++].Length + 1)
        {
            if (known.TryGetValue(Names[place], out var heading) && !places.TryAdd(heading, place))
                throw file.Reject(BillRejection.BillHeaderUnknown, column, $"{Names[place]} once");
        }

        foreach (var heading in required.Where(heading => !places.ContainsKey(heading)))
        {
            var name = known.First(pair => pair.Value.Equals(heading)).Key;
            throw file.Reject(BillRejection.BillHeaderUnknown, 1, $"a heading {name}");
        }
    }

    /// <summary>How many cells each line below must have.</summary>
    public int Count => Names.Count;

    /// <summary>The headings in their order, as <see cref="Plain"/> writes them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The place of a heading from 0; -1 when this file does not have it.</summary>
    public int PlaceOf(THeading heading) => places.GetValueOrDefault(heading, -1);

    public bool Has(THeading heading) => places.ContainsKey(heading);

    // Files write the same heading with brackets, signs and colons of full width or of ASCII.
    private static string Plain(string name) => name.Trim()
        .Replace('（', '(').Replace('）', ')').Replace('＋', '+').Replace('－', '-').Replace('：', ':').Replace('／', '/');
}
