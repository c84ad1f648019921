using System.Reflection;
using System.Text.RegularExpressions;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>docs/reference/rejections.md explains every refusal: who is told a code can look it up.</summary>
public partial class RejectionTests
{
    private const string Page = "docs/reference/rejections.md";

    private static CheckoutFile Document => Checkout.Files.Single(file => file.Path == Page);

    private static List<string> Documented =>
        [.. Heading.Matches(Document.Text.ReplaceLineEndings("\n")).Select(match => match.Groups["code"].Value)];

    [Fact]
    public void Each_refusal_is_documented() => Codes()
        .Where(known => !Documented.Contains(known.Code))
        .Select(known => new Finding(Page, 0,
            $"### {known.Code} ({known.Type.Name}) is missing: when it is refused and what to do, then a line 中文：…"))
        .ShouldBeNone();

    [Fact]
    public void Each_code_of_the_API_is_documented() => Checkout.Sources
        .Where(file => file.Name == "ProblemTable.cs")
        .SelectMany(file => Answered.Matches(file.Text).Select(match => match.Groups["code"].Value)
            .Except(Documented)
            .Select(code => new Finding(file.Path, 0, $"the API may answer {code}; explain it in {Page}")))
        .ShouldBeNone();

    [Fact]
    public void Each_code_is_documented_once() => Documented
        .GroupBy(code => code).Where(same => same.Count() > 1)
        .Select(same => new Finding(Page, 0, $"### {same.Key} stands {same.Count()} times; a code has one meaning"))
        .ShouldBeNone();

    [Fact]
    public void Each_code_says_in_both_languages_when_and_what_to_do() => Document.Text.ReplaceLineEndings("\n")
        .Split("\n### ").Skip(1)
        .Where(section => !Explained.IsMatch(section))
        .Select(section => new Finding(Page, 0,
            $"### {section.Split('\n')[0]}: write a paragraph in English and one line that begins with 中文："))
        .ShouldBeNone();

    [Fact]
    public void Codes_stand_in_the_order_in_which_they_are_asked() => Codes()
        .Where(known => known.Type.Name != "SplitRejection")
        .GroupBy(known => known.Type, known => Documented.IndexOf(known.Code))
        .Where(places => !places.SequenceEqual(places.Order()))
        .Select(places => new Finding(Page, 0, $"put the codes of {places.Key.Name} into its order"))
        .ShouldBeNone();

    [Fact]
    public void Each_refusal_by_the_rules_is_told_in_a_story()
    {
        var stories = string.Concat(Checkout.Files
            .Where(file => file.Folder.StartsWith("tests/Jifu.Ledger.Domain.Tests/", StringComparison.Ordinal))
            .Where(file => file.Name.EndsWith(".approved.txt", StringComparison.Ordinal)).Select(file => file.Text));
        Codes().Where(known => known.Type.Assembly == typeof(Money).Assembly)
            .Where(known => !Regex.IsMatch(stories, $@"! {known.Name}\b"))
            .Select(known => new Finding(known.Type.FullName!, 0, $"no story in Domain.Tests tells of {known.Name}"))
            .ShouldBeNone();
    }

    [GeneratedRegex("^### (?<code>[a-z0-9_]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex("new\\(\"(?<code>[a-z0-9_]+)\", [0-9]{3},")]
    private static partial Regex Answered { get; }

    // A heading, an English paragraph, and a Chinese line; then the next section may begin.
    [GeneratedRegex(@"\A[a-z0-9_]+\n\n[A-Z`][^\n]*\n(?:[^\n]+\n)*\n中文：[^\n]+\n?(?:\n## |\z)?")]
    private static partial Regex Explained { get; }

    private static IEnumerable<(Type Type, string Name, string Code)> Codes() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Jifu.Ledger.*.dll")
            .Where(path => !path.EndsWith(".Tests.dll", StringComparison.Ordinal))
            .SelectMany(path => Assembly.LoadFrom(path).GetExportedTypes())
            .Where(type => type.IsEnum && type.Name.EndsWith("Rejection", StringComparison.Ordinal))
            .SelectMany(type => Enum.GetNames(type).Where(name => name != "None")
                .Select(name => (type, name, SnakeCase.Of(name))));
}
