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
            <h2>{WebUtility.HtmlEncode(known.Chinese)}<br><i>{WebUtility.HtmlEncode(known.Title)}</i></h2>
            <p>{again}</p>
            {told}<p><a href="/docs/errors">All codes 全部错误码</a></p>
            """);
    }

    // The paragraphs under the code's heading in the one list of codes.
    private static IEnumerable<string> Told(string code) => Embedded.Rejections().ReplaceLineEndings("\n")
        .Split("\n#").Where(section => section.TrimStart('#').StartsWith($" {code}\n", StringComparison.Ordinal))
        .SelectMany(section => section.Split("\n\n").Skip(1))
        .Select(paragraph => paragraph.ReplaceLineEndings(" ").Trim());

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
