using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>What Excel calls a cell: its column in letters and its row from 1, as <c>C7</c>.</summary>
internal static class CellName
{
    /// <param name="column">From 0.</param>
    public static string Of(int column, int row) =>
        string.Create(CultureInfo.InvariantCulture, $"{Column(column)}{row}");

    /// <summary>0 is <c>A</c>, 26 is <c>AA</c>.</summary>
    public static string Column(int column)
    {
        var letters = "";
        for (var rest = column; rest >= 0; rest = (rest / 26) - 1)
            letters = (char)('A' + (rest % 26)) + letters;
        return letters;
    }

    /// <summary>The column of a name such as <c>C7</c>, from 0; false when it is none.</summary>
    public static bool TryColumn(ReadOnlySpan<char> name, out int column)
    {
        column = 0;
        var length = 0;
        while (length < name.Length && name[length] is >= 'A' and <= 'Z' && length < 4)
            column = (column * 26) + (name[length++] - 'A' + 1);
        column--;
        return length is > 0 and < 4 && name.Length > length && !name[length..].ContainsAnyExceptInRange('0', '9');
    }
}
