using X = DocumentFormat.OpenXml.Spreadsheet;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>A sheet in the workbook's list.</summary>
/// <param name="Part">Its file's name without suffix.</param>
/// <param name="FrozenUntil">The last column of its heading, which is printed on each page; null without one.</param>
internal sealed record SheetEntry(string Name, string Part, string? FrozenUntil);

/// <summary>What a workbook holds beside its sheets: the list of them, and what each file in the zip is.</summary>
/// <remarks>The packaging of .NET would write these, but keeps all that it packs in memory until the end.</remarks>
internal static class WorkbookParts
{
    private const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""" + "\n";
    private const string Relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    public static string Root => $"""
        {Head}<Relationships xmlns="{Relationships}">
        <Relationship Id="rId1" Type="{Relation}/officeDocument" Target="xl/workbook.xml"/>
        </Relationships>
        """;

    public static X.Workbook Workbook(IReadOnlyList<SheetEntry> sheets)
    {
        var workbook = new X.Workbook(
            new X.BookViews(new X.WorkbookView { ActiveTab = 0 }),
            new X.Sheets(sheets.Select((sheet, index) => new X.Sheet
            {
                Name = sheet.Name, SheetId = (uint)index + 1, Id = $"rId{index + 1}",
            })));
        var headings = sheets.Select((sheet, index) => (sheet, index)).Where(at => at.sheet.FrozenUntil is not null)
            .Select(at => new X.DefinedName($"'{at.sheet.Name}'!$1:$1")
            {
                Name = "_xlnm.Print_Titles", LocalSheetId = (uint)at.index,
            })
            .ToList();
        if (headings.Count > 0)
            workbook.Append(new X.DefinedNames(headings));
        // Whoever opens it sees the sums that its formulas come to on their own machine.
        workbook.Append(new X.CalculationProperties { FullCalculationOnLoad = true });
        return workbook;
    }

    public static string Relations(IReadOnlyList<SheetEntry> sheets) => $"""
        {Head}<Relationships xmlns="{Relationships}">
        {string.Concat(sheets.Select((sheet, index) => Target(index, "worksheet", $"worksheets/{sheet.Part}")))}
        {Target(sheets.Count, "styles", "styles")}
        </Relationships>
        """;

    public static string ContentTypes(IReadOnlyList<SheetEntry> sheets) => $"""
        {Head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        {Override("workbook", "sheet.main")}
        {Override("styles", "styles")}
        {string.Concat(sheets.Select(sheet => Override($"worksheets/{sheet.Part}", "worksheet")))}
        </Types>
        """;

    private static string Target(int index, string type, string path) =>
        $"""<Relationship Id="rId{index + 1}" Type="{Relation}/{type}" Target="{path}.xml"/>""";

    private static string Override(string part, string type) =>
        $"""<Override PartName="/xl/{part}.xml" ContentType="{ContentType}{type}+xml"/>""";
}
