namespace Jifu.Ledger.Cli.Audit;

/// <summary>Rows of text in columns as wide as they must be. A heading that ends in <c>></c> is of a column that
/// stands on the right.</summary>
internal sealed class Columns(Ink ink, params string[] headings)
{
    private const string Between = "  ";
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Ink.Plain)]);

    /// <summary>Cells of a whole line.</summary>
    public int Width => Widths().Sum() + (Between.Length * (headings.Length - 1));

    public void Write(TextWriter output)
    {
        var widths = Widths();
        output.WriteLine(ink.Dim(Line([.. headings.Select(Name)], widths)));
        foreach (var row in _rows)
            output.WriteLine(Line(row, widths));
    }

    private int[] Widths() => [.. headings.Select((heading, i) =>
        _rows.Select(row => Ink.Width(row[i])).Append(Ink.Width(Name(heading))).Max())];

    private string Line(string[] cells, int[] widths) => string.Join(Between, cells.Select((cell, i) =>
        headings[i].EndsWith('>') ? Ink.Right(cell, widths[i]) : Ink.Left(cell, widths[i]))).TrimEnd();

    private static string Name(string heading) => heading.TrimEnd('>');
}
