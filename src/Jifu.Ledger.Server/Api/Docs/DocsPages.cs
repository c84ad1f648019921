using System.Text;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Docs;

/// <summary>Pages for people, served from this program alone: the API, and each code that it answers.</summary>
internal static class DocsPages
{
    // Nothing from elsewhere, nothing inline.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    public static void MapDocs(this WebApplication app)
    {
        app.MapOpenApi();
        var docs = app.MapGroup("/docs").ExcludeFromDescription();
        docs.MapGet("", (HttpContext context) => Page(context, Embedded.Text("docs.html")));
        docs.MapGet("/docs.css", () => Results.Text(Embedded.Text("docs.css"), "text/css", Encoding.UTF8));
        docs.MapGet("/docs.js", () => Results.Text(Embedded.Text("docs.js"), "text/javascript", Encoding.UTF8));
        docs.MapGet("/errors", (HttpContext context) => Page(context, ErrorPages.List()));
        docs.MapGet("/errors/{code}", (string code, HttpContext context) =>
            ProblemTable.ByCode.TryGetValue(code, out var known)
                ? Page(context, ErrorPages.One(known))
                : new Problem("not_found", $"There is no code {code}."));
        app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();
    }

    private static IResult Page(HttpContext context, string html)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(html, "text/html", Encoding.UTF8);
    }
}
