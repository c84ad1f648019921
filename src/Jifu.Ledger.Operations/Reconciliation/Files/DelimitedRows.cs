using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows of a file of separated values (RFC 4180), one at a time, with the place of each cell.</summary>
/// <remarks>A quote begins a quoted cell only where the cell begins; elsewhere it is text. Empty lines are passed
/// over, and so is a mark of the byte order at the beginning. What is not in the file's encoding, or longer than
/// <see cref="CellMax"/>, refuses the file.</remarks>
/// <param name="broken">Says where the text ends that can be decoded: it was decoded ahead. Null for what was decoded
/// already.</param>
internal sealed class DelimitedRows(
    TextReader text, string fileName, char separator, Func<BillRejectedException>? broken = null)
{
    public const int CellMax = 65_536;

    private readonly List<(string Text, int Column)> cells = [];
    private readonly StringBuilder cell = new();
    private int line = 1, column = 1;

    /// <summary>The cells of the row read last.</summary>
    public IReadOnlyList<(string Text, int Column)> Cells => cells;

    /// <summary>The line where the row read last begins, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The texts of those cells, without what is not part of them.</summary>
    public List<string> Texts(Func<string, string> plain)
    {
        // A query over these cells would have to be compiled in each run.
        var texts = new List<string>(cells.Count);
        foreach (var (text, _) in cells)
            texts.Add(plain(text));
        return texts;
    }

    public bool Next()
    {
        try
        {
            if ((line, column) == (1, 1) && text.Peek() == '\uFEFF')
                text.Read();
            while (text.Peek() >= 0)
            {
                ReadRow();
                if (cells is not [{ Text: "" }])
                    return true;
            }

            return false;
        }
        catch (DecoderFallbackException) when (broken is not null)
        {
            throw broken();
        }
    }

    public BillRejectedException Reject(BillRejection code, int atColumn, string expected) =>
        new(code, fileName, Line, atColumn, expected);

    private void ReadRow()
    {
        cells.Clear();
        Line = line;
        for (var more = true; more;)
        {
            var at = column;
            cell.Clear();
            more = text.Peek() == '"' ? ReadQuoted() : ReadPlain();
            cells.Add((cell.ToString(), at));
        }
    }

    // Each returns true when another cell follows in the row.
    private bool ReadPlain()
    {
        for (var next = Take(); ; next = Take())
        {
            if (next == separator)
                return true;
            if (next is '\n' or -1)
                return false;
            if (next != '\r' || text.Peek() != '\n')
                Keep((char)next);
        }
    }

    private bool ReadQuoted()
    {
        Take();
        for (; ; )
        {
            var next = Take();
            if (next < 0)
                throw Reject(BillRejection.BillTruncated, 1, "the quote that ends a cell of this row");
            if (next != '"')
                Keep((char)next);
            else if (text.Peek() == '"')
                Keep((char)Take());
            else
                break;
        }

        var after = Take();
        if (after == '\r' && text.Peek() == '\n')
            after = Take();
        return after == separator || (after is '\n' or -1
            ? false
            : throw Reject(BillRejection.BillRowMalformed, column - 1, "a separator or the line's end after a quote"));
    }

    private int Take()
    {
        var next = text.Read();
        column++;
        if (next == '\n')
            (line, column) = (line + 1, 1);
        return next;
    }

    private void Keep(char character)
    {
        if (cell.Length == CellMax)
            throw Reject(BillRejection.BillLineTooLong, column, $"a cell of at most {CellMax} characters");
        cell.Append(character);
    }
}
