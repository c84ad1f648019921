using System.Globalization;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Reads a bank's statement by a mapping, whole or not at all.</summary>
/// <remarks>Every row below the headings is a line, but for blank ones, for sums, which have no date, and for the
/// balance at the beginning and the end. Amounts are yuan, times Beijing's.</remarks>
internal sealed class StatementReader
{
    private const int HeadingLinesMax = 60;
    private static readonly string[] BalanceWords =
        ["期初", "期末", "上期", "上日余额", "承前", "过次页", "Opening balance", "Closing balance", "Balance brought forward"];

    private readonly StatementMapping mapping;
    private readonly Dictionary<string, int> columns;
    private readonly RowWidth width;
    private readonly StatementCurrency currency;

    private StatementReader(
        StatementMapping mapping, Dictionary<string, int> columns, RowWidth width, StatementCurrency currency) =>
        (this.mapping, this.columns, this.width, this.currency) = (mapping, columns, width, currency);

    /// <summary>Its lines in the file's order, each with its id.</summary>
    /// <exception cref="StatementRejectedException">It cannot be read so; says file, sheet and cell.</exception>
    public static IReadOnlyList<StatementLine> Read(string account, ChannelBillFile file, StatementMapping mapping)
    {
        using var rows = StatementRows.Of(file, mapping).GetEnumerator();
        var reader = Headed(rows, file, mapping);
        var lines = new List<StatementLine>();
        while (rows.MoveNext())
        {
            if (lines.Count == StatementRows.RowsMax)
                throw new StatementRejectedException(
                    StatementRejection.StatementTooLong, file.FileName, $"line {rows.Current.Line}",
                    $"expected at most {StatementRows.RowsMax} lines in one statement");
            if (rows.Current.IsBlank || reader.IsSum(rows.Current))
                continue;
            reader.width.Check(rows.Current);
            if (reader.IsOnlyBalance(rows.Current))
                continue;
            reader.currency.Check(rows.Current);
            lines.Add(reader.Line(rows.Current));
        }

        return StatementLines.Named(account, lines);
    }

    private static StatementReader Headed(
        IEnumerator<StatementRow> rows, ChannelBillFile file, StatementMapping mapping)
    {
        var wanted = mapping.AllHeadings().ToList();
        var (nearest, lacks, above) = (default(StatementRow), wanted, new List<StatementRow>());
        for (var seen = 0; seen < HeadingLinesMax && rows.MoveNext();)
        {
            if (rows.Current.Line <= mapping.SkipLines)
            {
                above.Add(rows.Current);
                continue;
            }

            seen++;
            var found = rows.Current.Cells.Index().GroupBy(cell => cell.Item)
                .ToDictionary(same => same.Key, same => same.First().Index, StringComparer.Ordinal);
            var missing = wanted.Where(heading => !found.ContainsKey(heading)).ToList();
            if (missing.Count == 0)
                return new(
                    mapping, found, RowWidth.Of(rows.Current), StatementCurrency.Of(mapping, above, rows.Current));
            above.Add(rows.Current);
            if (missing.Count < lacks.Count)
                (nearest, lacks) = (rows.Current, missing);
        }

        throw new StatementRejectedException(
            StatementRejection.StatementHeadingsMissing, file.FileName,
            nearest is null ? "" : $"{(nearest.Sheet.Length > 0 ? $"sheet {nearest.Sheet}, " : "")}line {nearest.Line}",
            $"expected a line with the headings {string.Join(", ", wanted)}"
            + (nearest is null ? "" : $"; this one lacks {string.Join(", ", lacks)}")
            + "; jifu money preview --out FILE guesses the mapping anew, jifu money statement --mapping FILE saves it");
    }

    // A row that has a date is no sum, whatever its first cell begins with; nor is that of a Summit Trading.
    private bool IsSum(StatementRow row) =>
        row.Cells.FirstOrDefault(cell => cell.Length > 0) is { } first && SumRow.Begins(first) && TimeIn(row) is null;

    // 期初余额 and its like have a date, and move nothing.
    private bool IsOnlyBalance(StatementRow row) =>
        new[] { mapping.Amount, mapping.In, mapping.Out }.OfType<string>().All(heading => IsNone(row[columns[heading]]))
        && row.Cells.Any(cell => BalanceWords.Any(word => cell.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private StatementLine Line(StatementRow row) => new(
        "", At(row), Amount(row), mapping.Balance is { } balance ? Yuan(row, columns[balance]) : null,
        Text(row, mapping.Reference), Text(row, mapping.Counterparty), Text(row, mapping.Note), row.Line);

    private string Text(StatementRow row, string? heading) => heading is null ? "" : row[columns[heading]];

    private DateTimeOffset At(StatementRow row) => TimeIn(row) ?? throw row.Reject(
        StatementRejection.StatementTimeMalformed, columns[mapping.Date],
        $"a time like {mapping.DateFormat}{(mapping.TimeFormat is { } time && mapping.Time is not null
            ? $" {time}" : "")}");

    private DateTimeOffset? TimeIn(StatementRow row)
    {
        // A workbook's dates and times come in one form, whatever they look like in Excel.
        var text = row.Moment(columns[mapping.Date]);
        string[] formats = [mapping.DateFormat, "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss"];
        if (mapping.Time is { } time)
        {
            text = $"{text} {row.Moment(columns[time])}";
            formats =
            [
                .. from date in formats[..2]
                   from hours in new[] { mapping.TimeFormat, "HH:mm:ss" }
                   select $"{date} {hours}",
            ];
        }

        return DateTime.TryParseExact(
            text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year > 1
            ? new DateTimeOffset(local, BusinessDay.Offset)
            : null;
    }

    private Money Amount(StatementRow row)
    {
        if (mapping.Amount is { } one)
        {
            var amount = Yuan(row, columns[one]);
            return GoesOut(row) ? Out(amount, row, columns[one]) : amount;
        }

        var (inAt, outAt) = (columns[mapping.In!], columns[mapping.Out!]);
        if (IsNone(row[inAt]) && IsNone(row[outAt]))
            throw row.Reject(
                StatementRejection.StatementAmountMalformed, inAt,
                $"an amount that comes in, or one that goes out in cell {CellName.Of(outAt, row.Line)}");
        var (comes, goes) = (YuanOrNone(row, inAt), YuanOrNone(row, outAt));
        return comes.IsZero || goes.IsZero
            ? comes + Out(goes, row, outAt)
            : throw row.Reject(
                StatementRejection.StatementAmountMalformed, outAt, "an amount that comes in or goes out, not both");
    }

    // A minus is either how this bank writes all that goes out, or says that it was taken back (红字冲销). Who took one for
    // the other would have the amount twice, and a file cannot tell.
    private Money Out(Money amount, StatementRow row, int column) => mapping switch
    {
        { Amount: not null, Direction: null } => -amount,
        { MinusOut: "out" } when amount.MinorUnits < 0 => amount,
        { MinusOut: null } when amount.MinorUnits < 0 => throw row.Reject(
            StatementRejection.StatementAmountMalformed, column,
            "no minus before what goes out; say in the mapping what it means: \"minus_out\": \"back\" for what was "
            + "taken back (红字冲销), \"out\" for what goes out all the same"),
        _ => -amount,
    };

    private bool GoesOut(StatementRow row) => mapping.Direction is { } direction
        ? mapping.SaysOut(row[columns[direction]]) ?? throw row.Reject(
            StatementRejection.StatementDirectionUnknown, columns[direction],
            $"a word for what goes out ({mapping.OutWords}) or comes in; say in the mapping which word means what: "
            + "out_words, in_words")
        : mapping.Negate == true;

    private static bool IsNone(string cell) => cell is "" or "-" or "--";

    private static Money YuanOrNone(StatementRow row, int column) =>
        IsNone(row[column]) ? Money.Zero(Currency.CNY) : Yuan(row, column);

    private static Money Yuan(StatementRow row, int column) =>
        OrderAmount.TryRead(row[column], AmountUnit.Yuan, exact: true, out var fen)
            ? new(fen, Currency.CNY)
            : throw row.Reject(
                StatementRejection.StatementAmountMalformed, column, "an amount of yuan with at most two decimals");
}
