using System.Text.RegularExpressions;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>Words that may not stand in any file that is committed.</summary>
public partial class WordTests
{
    private static IEnumerable<CheckoutFile> Readable => Checkout.Files.Where(file =>
        !file.Path.StartsWith("reconciliation-fixtures/", StringComparison.Ordinal)
        && Path.GetExtension(file.Name) is not (".png" or ".zip" or ".gz" or ".ico" or ".woff2"));

    [Fact]
    public void What_is_left_to_do_is_an_issue() =>
        Find(Unfinished, "file an issue and name it, as in #12, or do it now");

    [Fact]
    public void Nothing_depends_on_one_machine() =>
        Find(MachinePath, "say it from the checkout's root; this path is on one machine only");

    [Fact]
    public void No_package_registry_is_named() =>
        Find(RegistryHost, "name the package, not the server it comes from: each user has their own");

    [Fact]
    public void No_file_waits_for_approval() => Checkout.Files
        .Where(file => file.Name.Contains(".received.", StringComparison.Ordinal))
        .Select(file => new Finding(file.Path, 0, "approve it by renaming it to .approved, or delete it"))
        .ShouldBeNone();

    [GeneratedRegex(@"\b(T[O]DO|F[I]XME|H[A]CK)\b(?!.*#\d)")]
    private static partial Regex Unfinished { get; }

    [GeneratedRegex("(?<![.\\w])/(work|root|home)/")]
    private static partial Regex MachinePath { get; }

    [GeneratedRegex("n[u]get[.]org|n[p]mjs[.]|d[e]bian[.]org|p[y]pi[.]|p[y]thonhosted")]
    private static partial Regex RegistryHost { get; }

    private static void Find(Regex words, string instead) => Readable
        .SelectMany(file => file.Lines.Select((line, index) => (line, index))
            .Where(at => words.IsMatch(at.line))
            .Select(at => new Finding(file.Path, at.index + 1, $"{words.Match(at.line).Value}: {instead}")))
        .ShouldBeNone();
}
