using System.Xml;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>The text of a cell, or of a text that cells share: with its runs put together, without its phonetic
/// guide.</summary>
internal static class RichText
{
    /// <param name="xml">At the start of the element around the text; afterwards at its end.</param>
    public static string Read(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (depth, text) = (xml.Depth, "");
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "rPh" })
                SkipInside(xml);
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "t", IsEmptyElement: false })
                text += Content(xml);
        }

        return CellText.Unescape(text);
    }

    /// <summary>The text directly in an element; afterwards at its end.</summary>
    public static string Content(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (depth, text) = (xml.Depth, "");
        while (xml.Read() && xml.Depth > depth)
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace
                or XmlNodeType.SignificantWhitespace)
                text += xml.Value;
        return text;
    }

    private static void SkipInside(XmlReader xml)
    {
        var depth = xml.Depth;
        while (!xml.IsEmptyElement && xml.Read() && xml.Depth > depth)
        {
        }
    }
}
