using System.Runtime.CompilerServices;
using System.Text;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A word of up to 16 bytes and what it means.</summary>
internal readonly record struct KnownWord(ulong Start, ulong End, int Length, int Meaning);

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
    /// <param name="last">The word met last: most rows have the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MeaningOf(ByteCell cell, ref KnownWord last)
    {
        if (cell.Length is >= 1 and <= 16)
        {
            var (start, end) = cell.Ends;
            if (start == last.Start && end == last.End && cell.Length == last.Length)
                return last.Meaning;
            last = new(start, end, cell.Length, Sought(cell));
            return last.Meaning;
        }

        return Sought(cell);
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
