using System.Text.RegularExpressions;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>The documents lead somewhere.</summary>
public partial class LinkTests
{
    private static IEnumerable<CheckoutFile> Documents =>
        Checkout.Files.Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Links_between_documents_lead_to_a_file() => Documents
        .SelectMany(file => file.Lines.Select((line, index) => (line, index)).SelectMany(at => Link.Matches(at.line)
            .Select(link => link.Groups["to"].Value)
            .Where(to => !Exists(file, to))
            .Select(to => new Finding(file.Path, at.index + 1, $"{to} is not there; correct the link, or write it"))))
        .ShouldBeNone();

    [Fact]
    public void Each_document_can_be_reached_from_the_readme()
    {
        var reached = new HashSet<string> { "README.md" };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var path))
        {
            var document = Documents.SingleOrDefault(file => file.Path == path);
            var links = document is null ? [] : Link.Matches(document.Text).Select(link => Target(document, link));
            foreach (var to in links)
            {
                foreach (var inner in Documents.Select(file => file.Path)
                    .Where(inner => inner == to || Path.GetDirectoryName(inner) == to))
                {
                    if (reached.Add(inner))
                        next.Enqueue(inner);
                }
            }
        }

        Documents.Where(file => file.Path.StartsWith("docs/", StringComparison.Ordinal) && !reached.Contains(file.Path))
            .Select(file => new Finding(file.Path, 0, "no document leads here; link to it from its neighbours"))
            .ShouldBeNone();
    }

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)(?<to>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link { get; }

    private static bool Exists(CheckoutFile file, string to) =>
        Path.Combine(Checkout.Root, file.Folder, to) is var path && (File.Exists(path) || Directory.Exists(path));

    private static string Target(CheckoutFile file, Match link) =>
        Path.GetRelativePath(Checkout.Root, Path.GetFullPath(Path.Combine(Checkout.Root, file.Folder,
            link.Groups["to"].Value))).Replace('\\', '/');
}
