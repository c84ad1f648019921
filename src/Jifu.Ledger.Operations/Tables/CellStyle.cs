using X = DocumentFormat.OpenXml.Spreadsheet;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>How a cell looks: its place in the workbook's list of formats.</summary>
internal enum CellStyle
{
    Plain,
    Heading,
    Text,
    Money,
    WholeMoney,
    Number,
    Date,
    Moment,
    TotalText,
    TotalMoney,
    TotalWholeMoney,
    TotalNumber,
    Title,
    Note,
    Good,
    Bad,
    NumberHeading,
}

/// <summary>The workbook's list of formats, in the order of <see cref="CellStyle"/>.</summary>
internal static class CellStyles
{
    // Numbers of formats: below 164 Excel knows them itself; 49 is text, which stays text when somebody edits it.
    private const uint General = 0, AsText = 49, TwoDecimals = 4, Whole = 3, Day = 164, Second = 165;

    private enum Face
    {
        Normal,
        Bold,
        Title,
        Grey,
        Green,
        Red,
    }

    public static X.Stylesheet Sheet() => new(
        new X.NumberingFormats(
            new X.NumberingFormat { NumberFormatId = Day, FormatCode = "yyyy-mm-dd" },
            new X.NumberingFormat { NumberFormatId = Second, FormatCode = "yyyy-mm-dd hh:mm:ss" }),
        new X.Fonts(Font(), Font(bold: true), Font(bold: true, size: 16), Font("FF666666"), Font("FF1B7F3B", true),
            Font("FFB42318", true)),
        new X.Fills(
            new X.Fill(new X.PatternFill { PatternType = X.PatternValues.None }),
            new X.Fill(new X.PatternFill { PatternType = X.PatternValues.Gray125 }),
            new X.Fill(new X.PatternFill(new X.ForegroundColor { Rgb = "FFE8EEF7" })
            {
                PatternType = X.PatternValues.Solid,
            })),
        new X.Borders(Border(), Border(top: true), Border(bottom: true)),
        new X.CellStyleFormats(new X.CellFormat()),
        new X.CellFormats(Enum.GetValues<CellStyle>().Select(Format)));

    private static X.CellFormat Format(CellStyle style) => style switch
    {
        CellStyle.Plain => Of(General),
        CellStyle.Heading => Of(AsText, Face.Bold, fill: 2, border: 2, indent: true),
        CellStyle.NumberHeading => Of(AsText, Face.Bold, fill: 2, border: 2, right: true),
        CellStyle.Text => Of(AsText, indent: true),
        CellStyle.Money => Of(TwoDecimals),
        CellStyle.WholeMoney or CellStyle.Number => Of(Whole),
        CellStyle.Date => Of(Day),
        CellStyle.Moment => Of(Second),
        CellStyle.TotalText => Of(AsText, Face.Bold, border: 1, indent: true),
        CellStyle.TotalMoney => Of(TwoDecimals, Face.Bold, border: 1),
        CellStyle.TotalWholeMoney or CellStyle.TotalNumber => Of(Whole, Face.Bold, border: 1),
        CellStyle.Title => Of(AsText, Face.Title),
        CellStyle.Note => Of(AsText, Face.Grey),
        CellStyle.Good => Of(AsText, Face.Green, indent: true),
        CellStyle.Bad => Of(AsText, Face.Red, indent: true),
        _ => throw new ArgumentOutOfRangeException(nameof(style), style, "No format."),
    };

    private static X.CellFormat Of(
        uint number, Face face = Face.Normal, uint fill = 0, uint border = 0, bool right = false,
        bool indent = false)
    {
        var format = new X.CellFormat
        {
            NumberFormatId = number, FontId = (uint)face, FillId = fill, BorderId = border,
            ApplyNumberFormat = true, ApplyFont = true, ApplyFill = true, ApplyBorder = true,
        };
        if (indent)
            format.Append(new X.Alignment { Horizontal = X.HorizontalAlignmentValues.Left, Indent = 1 });
        if (right)
            format.Append(new X.Alignment { Horizontal = X.HorizontalAlignmentValues.Right });
        return format;
    }

    private static X.Font Font(string? colour = null, bool bold = false, int size = 11)
    {
        var font = new X.Font();
        if (bold)
            font.Append(new X.Bold());
        font.Append(new X.FontSize { Val = size });
        if (colour is not null)
            font.Append(new X.Color { Rgb = colour });
        font.Append(new X.FontName { Val = "Calibri" });
        return font;
    }

    private static X.Border Border(bool top = false, bool bottom = false) => new(
        new X.LeftBorder(), new X.RightBorder(),
        top ? new X.TopBorder { Style = X.BorderStyleValues.Thin } : new X.TopBorder(),
        bottom ? new X.BottomBorder { Style = X.BorderStyleValues.Thin } : new X.BottomBorder(),
        new X.DiagonalBorder());
}
