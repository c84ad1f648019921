using System.Runtime.CompilerServices;
using System.Text;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A word of up to 16 bytes and what it means.</summary>
internal readonly record struct KnownWord(ulong Start, ulong End, int Length, int Meaning)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(ulong start, ulong end, int length) => start == Start && end == End && length == Length;
}

/// <summary>The two words met last: most columns take turns between two.</summary>
internal struct KnownWords
{
    public KnownWord Last;
    public KnownWord Before;
}

/// <summary>The words that a column may hold, and what each means: a number above 0.</summary>
internal sealed class WordList(Encoding encoding)
{
    private readonly List<byte[]> words = [];
    private readonly List<int> meanings = [];

    /// <summary>Adds words of one meaning; of what stands twice the first counts.</summary>
    public WordList With(IEnumerable<string> newWords, int meaning)
    {
        foreach (var word in newWords)
        {
            words.Add(encoding.GetBytes(word));
            // No cell is such a word once it is trimmed.
            meanings.Add(OrderColumns.Trimmed(word) == word ? meaning : 0);
        }

        return this;
    }

    /// <summary>0 when it is none of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MeaningOf(ByteCell cell, ref KnownWords known)
    {
        if (cell.Length is < 1 or > 16)
            return Sought(cell);
        var (start, end) = cell.Ends;
        return known.Last.Is(start, end, cell.Length) ? known.Last.Meaning : Other(cell, start, end, ref known);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Other(ByteCell cell, ulong start, ulong end, ref KnownWords known)
    {
        var word = known.Before.Is(start, end, cell.Length)
            ? known.Before
            : new(start, end, cell.Length, Sought(cell));
        (known.Before, known.Last) = (known.Last, word);
        return word.Meaning;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Sought(ByteCell cell)
    {
        for (var at = 0; at < words.Count; at++)
        {
            if (cell.Text.SequenceEqual(words[at]))
                return meanings[at];
        }

        return 0;
    }
}
