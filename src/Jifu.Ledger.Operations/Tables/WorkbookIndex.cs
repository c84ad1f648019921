using System.Xml;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>What cells of a workbook refer to: its sheets, the texts that they share, and which formats are
/// dates.</summary>
internal sealed class WorkbookIndex
{
    private const string RelationNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelationNamespace = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    private WorkbookIndex()
    {
    }

    public List<(string Name, string? Part)> Sheets { get; } = [];
    public List<string> Texts { get; } = [];

    /// <summary>For each cell format whether it shows a date.</summary>
    public List<bool> DateFormats { get; } = [];

    /// <summary>Days count from 1904 instead of 1900, as old files of the Macintosh do.</summary>
    public bool From1904 { get; private set; }

    public static WorkbookIndex Read(
        Func<string, XmlReader?> part, WorkbookLimits limits, Func<string, string, WorkbookRejectedException> refusal)
    {
        var index = new WorkbookIndex();
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var relations = part("xl/_rels/workbook.xml.rels"))
        {
            while (relations is not null && relations.Read())
                if (relations is { NodeType: XmlNodeType.Element, LocalName: "Relationship" })
                    targets[relations.GetAttribute("Id") ?? ""] = Path(relations.GetAttribute("Target") ?? "");
        }

        using (var workbook = part("xl/workbook.xml") ?? throw refusal("", "an Excel workbook (.xlsx) is expected"))
            index.ReadSheets(workbook, targets);
        if (index.Sheets.Count == 0)
            throw refusal("", "a workbook with a sheet is expected");
        using (var styles = part("xl/styles.xml"))
            index.ReadFormats(styles);
        using (var texts = part("xl/sharedStrings.xml"))
            index.ReadTexts(texts, limits, refusal);
        return index;
    }

    private static string Path(string target) =>
        target.StartsWith('/') ? target[1..] : $"xl/{target}";

    private void ReadSheets(XmlReader xml, Dictionary<string, string> targets)
    {
        while (xml.Read())
        {
            if (xml.NodeType is not XmlNodeType.Element)
                continue;
            if (xml.LocalName == "workbookPr")
                From1904 = xml.GetAttribute("date1904") is "1" or "true";
            if (xml.LocalName == "sheet")
            {
                var id = xml.GetAttribute("id", RelationNamespace) ?? xml.GetAttribute("id", StrictRelationNamespace);
                Sheets.Add((xml.GetAttribute("name") ?? "", targets.GetValueOrDefault(id ?? "")));
            }
        }
    }

    private void ReadFormats(XmlReader? xml)
    {
        var dates = new HashSet<string>(StringComparer.Ordinal);
        var inCells = false;
        while (xml is not null && xml.Read())
        {
            if (xml.LocalName == "cellXfs")
                inCells = xml.NodeType is XmlNodeType.Element;
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "numFmt" }
                && NumberFormat.IsDate(xml.GetAttribute("formatCode") ?? ""))
                dates.Add(xml.GetAttribute("numFmtId") ?? "");
            else if (inCells && xml is { NodeType: XmlNodeType.Element, LocalName: "xf" })
                DateFormats.Add(xml.GetAttribute("numFmtId") is { } id
                    && (dates.Contains(id) || NumberFormat.IsDateNumber(id)));
        }
    }

    // Text runs of one item (rich text) are one text; phonetic guides are not part of it.
    private void ReadTexts(
        XmlReader? xml, WorkbookLimits limits, Func<string, string, WorkbookRejectedException> refusal)
    {
        var bytes = 0L;
        while (xml is not null && xml.Read())
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "si" })
                continue;
            Texts.Add(RichText.Read(xml));
            // An object and a reference cost about 32 bytes also when the text is empty.
            bytes += (2L * Texts[^1].Length) + 32;
            if (bytes > limits.SharedTextBytesMax)
                throw refusal("", $"at most {limits.SharedTextBytesMax:N0} bytes of shared text are read; "
                    + "save it as CSV instead");
        }
    }
}
