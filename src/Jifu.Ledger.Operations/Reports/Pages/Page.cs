using System.Globalization;
using System.Text;

namespace Jifu.Ledger.Operations.Reports.Pages;

/// <summary>One HTML file that needs nothing else: no script, no font, no picture from anywhere.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text = new();

    public Page(string title, string subtitle, IEnumerable<string> notes)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{PageStyle.ContentSecurityPolicy}">
            <title>{Svg.Escape(title)}</title>
            <style>{PageStyle.Text}</style></head>
            <body><main>
            <h1>{Svg.Escape(title)}<small>{Svg.Escape(subtitle)}</small></h1>

            """);
        foreach (var note in notes)
            _text.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{Svg.Escape(note)}</p>\n");
    }

    /// <summary>The figures at the top of the page.</summary>
    public void Cards(params ReadOnlySpan<(string What, string Value, string Look)> cards)
    {
        _text.Append("<section class=\"cards\">\n");
        foreach (var (what, value, look) in cards)
            _text.Append(CultureInfo.InvariantCulture, $"<div class=\"card\"><b class=\"{look}\">{Svg.Escape(value)}")
                .Append(CultureInfo.InvariantCulture, $"</b><span>{Svg.Escape(what)}</span></div>\n");
        _text.Append("</section>\n");
    }

    /// <summary>A box with a heading.</summary>
    /// <param name="html">Its contents, escaped already.</param>
    public void Box(string heading, string english, string remark, string html)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""
            <section class="card"><h2>{Svg.Escape(heading)}<small>{Svg.Escape(english)}</small></h2>
            <p>{Svg.Escape(remark)}</p>
            {html}</section>

            """);
    }

    /// <summary>What follows stands side by side, where there is room.</summary>
    public void Beside(Action<Page> boxes)
    {
        _text.Append("<div class=\"two\">\n");
        boxes(this);
        _text.Append("</div>\n");
    }

    public string End(string footer) =>
        $"{_text}<footer>{Svg.Escape(footer)}</footer>\n</main></body></html>\n";

    /// <summary>Which colour is which class.</summary>
    public static string Legend(IEnumerable<string> classes) => "<ul class=\"legend\">" + string.Concat(classes.Select(
        name => $"<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"c{ReportTerms.Colour(name)}\" "
            + $"width=\"10\" height=\"10\" rx=\"2\"/></svg>{Svg.Escape(ReportTerms.Both(name))}</li>")) + "</ul>\n";

    /// <summary>A table.</summary>
    /// <param name="looks">Of each column: <c>n</c> for numbers, <c>id</c> for ids, <c>say</c> for sentences, empty for
    /// other text.</param>
    public static string Table(
        IReadOnlyList<string> headings, IReadOnlyList<string> looks, IEnumerable<IReadOnlyList<string>> rows,
        bool lastIsSum = false)
    {
        var table = new StringBuilder("<div class=\"wide\"><table><thead><tr>");
        for (var i = 0; i < headings.Count; i++)
            table.Append(CultureInfo.InvariantCulture, $"<th class=\"{looks[i]}\">{Svg.Escape(headings[i])}</th>");
        table.Append("</tr></thead><tbody>\n");
        var all = rows.ToList();
        for (var row = 0; row < all.Count; row++)
        {
            table.Append(lastIsSum && row == all.Count - 1 ? "<tr class=\"sum\">" : "<tr>");
            for (var i = 0; i < all[row].Count; i++)
                table.Append(CultureInfo.InvariantCulture, $"<td class=\"{looks[i]}\">{Svg.Escape(all[row][i])}</td>");
            table.Append("</tr>\n");
        }

        return $"{table}</tbody></table></div>\n";
    }
}
