using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Docs;

/// <summary>What a code means, as pages: where the <c>type</c> of each problem leads.</summary>
internal static partial class ErrorPages
{
    public static string List()
    {
        var rows = new StringBuilder();
        foreach (var known in ProblemTable.All)
            rows.Append(CultureInfo.InvariantCulture, $"""
                <tr><td><a href="/docs/errors/{known.Code}"><code>{known.Code}</code></a></td>
                <td class="status">{known.Status}</td>
                <td>{WebUtility.HtmlEncode(known.Title)}<br>{WebUtility.HtmlEncode(known.Chinese)}</td></tr>

                """);
        return Page("Codes 错误码", $"""
            <header><h1>Codes <i>错误码</i></h1>
            <p>Programs compare the code; texts may change. 程序只应比较 code，文字说明可能调整。</p></header>
            <table><thead><tr><th>code</th><th>status</th><th></th></tr></thead><tbody>
            {rows}</tbody></table>
            """);
    }

    public static string One(ProblemCode known)
    {
        var again = known.Retryable
            ? "Retryable: try again after <code>Retry-After</code>, with the same Idempotency-Key. 可重试。"
            : "Not retryable: the same request gets the same answer. 重试无效，请先更正请求。";
        var told = string.Concat(Told(known.Code).Select(text => $"<p>{Html(text)}</p>\n"));
        return Page(known.Code, $"""
            <header><h1><code>{known.Code}</code></h1></header>
            <p><span class="chip">HTTP {known.Status}</span></p>
            <h2>{WebUtility.HtmlEncode(known.Title)}<br>{WebUtility.HtmlEncode(known.Chinese)}</h2>
            <p>{again}</p>
            {told}<p><a href="/docs/errors">All codes 全部错误码</a></p>
            """);
    }

    // From the one list of codes: a table's row without the code, or what stands under a heading with it.
    private static IEnumerable<string> Told(string code)
    {
        var lines = Embedded.Rejections().Split('\n');
        var mark = $"`{code}`";
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Contains(mark, StringComparison.Ordinal))
                continue;
            if (lines[i].StartsWith('|'))
                foreach (var cell in lines[i].Trim('|', ' ', '\r').Split('|').Where(cell => cell.Trim() != mark))
                    yield return cell.Trim();
            else if (lines[i].StartsWith('#'))
                yield return string.Join(' ', lines.Skip(i + 1).TakeWhile(line => !line.StartsWith('#')));
            else
                yield return lines[i].TrimStart('-', ' ');
        }
    }

    private static string Html(string markdown) =>
        Code.Replace(Link.Replace(WebUtility.HtmlEncode(markdown), "$1"), "<code>$1</code>");

    private static string Page(string title, string content) => Embedded.Text("page.html")
        .Replace("{title}", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
        .Replace("{content}", content, StringComparison.Ordinal);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link { get; }
}
