using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>Where each known heading stands in a line of headings, whichever their order. Headings that nobody knows
/// are passed over; one that stands twice, or a required one that is missing, refuses the bill.</summary>
internal sealed class BillHeader<THeading> where THeading : struct, Enum
{
    private const int CountMax = 200;

    // By heading: it is asked for each cell. Headings are counted from 0 or 1.
    private readonly int[] places = new int[Enum.GetNames<THeading>().Length + 1];

    // What was said last in each place.
    private readonly string[] said;

    public BillHeader(
        string line, BillText file, IReadOnlyDictionary<string, THeading> known, THeading[] required)
    {
        var names = line.Split(',');
        if (names.Length > CountMax)
            throw file.Reject(BillRejection.BillHeaderUnknown, 1, $"at most {CountMax} headings, not {names.Length}");
        Names = [.. names.Select(Plain)];
        Array.Fill(places, -1);
        said = new string[names.Length];
        Array.Fill(said, "");
        for (var (place, column) = (0, 1); place < names.Length; column += names[place++].Length + 1)
        {
            if (!known.TryGetValue(Names[place], out var heading))
                continue;
            if (Has(heading))
                throw file.Reject(BillRejection.BillHeaderUnknown, column, $"{Names[place]} once");
            places[Number(heading)] = place;
        }

        foreach (var heading in required)
        {
            if (Has(heading))
                continue;
            var name = known.First(pair => pair.Value.Equals(heading)).Key;
            throw file.Reject(BillRejection.BillHeaderUnknown, 1, $"a heading {name}");
        }
    }

    /// <summary>How many cells each line below must have.</summary>
    public int Count => Names.Count;

    /// <summary>The headings in their order, as <see cref="Plain"/> writes them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The place of a heading from 0; -1 when this file does not have it.</summary>
    public int PlaceOf(THeading heading) => places[Number(heading)];

    public bool Has(THeading heading) => PlaceOf(heading) >= 0;

    /// <summary>A cell as a text; when it says what the one above said, that text serves again.</summary>
    public string Text(int place, ReadOnlySpan<char> cell)
    {
        if (!cell.SequenceEqual(said[place]))
            said[place] = new(cell);
        return said[place];
    }

    private static int Number(THeading heading) => Unsafe.BitCast<THeading, int>(heading);

    // Files write the same heading with brackets, signs and colons of full width or of ASCII, and with a back-quote as
    // before their cells.
    private static string Plain(string name) => name.TrimStart('`').Trim()
        .Replace('（', '(').Replace('）', ')').Replace('＋', '+').Replace('－', '-').Replace('：', ':').Replace('／', '/');
}
