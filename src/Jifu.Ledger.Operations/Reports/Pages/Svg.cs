using System.Globalization;
using System.Net;
using System.Text;

namespace Jifu.Ledger.Operations.Reports.Pages;

/// <summary>A drawing that is written into a page. Colours come from the page's style, by class, so that it is readable
/// in the light, in the dark and on paper.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    public Svg(double width, double height, string label) => _text.Append(
        CultureInfo.InvariantCulture,
        $"""<svg viewBox="0 0 {width:0.#} {height:0.#}" role="img" aria-label="{Escape(label)}">""").Append('\n');

    public Svg Line(double x1, double y1, double x2, double y2, string look)
    {
        _text.Append(CultureInfo.InvariantCulture,
            $"""<line class="{look}" x1="{x1:0.##}" y1="{y1:0.##}" x2="{x2:0.##}" y2="{y2:0.##}"/>""").Append('\n');
        return this;
    }

    /// <param name="tip">What a pointer that rests on it is told.</param>
    public Svg Bar(double x, double y, double width, double height, string look, string tip)
    {
        _text.Append(CultureInfo.InvariantCulture,
            $"""<rect class="{look}" x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" rx="1.5">""")
            .Append(CultureInfo.InvariantCulture, $"<title>{Escape(tip)}</title></rect>\n");
        return this;
    }

    public Svg Dot(double x, double y, double radius, string look, string tip)
    {
        _text.Append(CultureInfo.InvariantCulture,
            $"""<circle class="{look}" cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}">""")
            .Append(CultureInfo.InvariantCulture, $"<title>{Escape(tip)}</title></circle>\n");
        return this;
    }

    public Svg Path(string look, IEnumerable<(double X, double Y)> points, bool closed)
    {
        var path = string.Join('L', points.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##} {point.Y:0.##}")));
        _text.Append(CultureInfo.InvariantCulture, $"""<path class="{look}" d="M{path}{(closed ? "Z" : "")}"/>""")
            .Append('\n');
        return this;
    }

    /// <param name="look">With <c>end</c> or <c>middle</c> it ends, or is centred, at x.</param>
    public Svg Text(double x, double y, string look, string text)
    {
        _text.Append(CultureInfo.InvariantCulture,
            $"""<text class="{look}" x="{x:0.##}" y="{y:0.##}">{Escape(text)}</text>""").Append('\n');
        return this;
    }

    public override string ToString() => $"{_text}</svg>\n";

    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
