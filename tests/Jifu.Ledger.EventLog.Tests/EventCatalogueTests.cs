using System.Text.Json;
using Jifu.Ledger.Domain.Tests;

namespace Jifu.Ledger.EventLog.Tests;

/// <summary>docs/reference/events.md is the catalogue of all events, whole and in the storage's words.</summary>
public class EventCatalogueTests
{
    private static readonly string Page = Read();

    private static readonly string Shapes = Page[Page.IndexOf("## Shapes inside", StringComparison.Ordinal)..];

    private static readonly Dictionary<string, string> Sections = Page.Split("\n### ").Skip(1)
        .ToDictionary(section => section.Split('\n')[0], section => section.Split("\n## ")[0]);

    [Fact]
    public void Each_event_stands_in_the_catalogue() =>
        Sections.Keys.Where(name => name.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(LedgerEvents.Codec.TypeNames);

    [Fact]
    public void Each_member_stands_with_its_event_as_it_is_stored()
    {
        foreach (var (name, stored) in Stored())
            Members(Sections[name]).ShouldBe(stored.EnumerateObject().Select(member => member.Name), name);
    }

    [Fact]
    public void Each_member_of_a_shape_inside_is_explained()
    {
        foreach (var (name, stored) in Stored())
        {
            foreach (var member in stored.EnumerateObject().SelectMany(member => Inside(member.Value)).Distinct())
                Shapes.ShouldContain($"`{member}`", customMessage: name);
        }
    }

    private static IEnumerable<(string Name, JsonElement Stored)> Stored() => EventExamples.All.Select(example => (
        LedgerEvents.Codec.TypeName(example.GetType()),
        JsonDocument.Parse(LedgerEvents.Codec.Write(example)).RootElement));

    private static IEnumerable<string> Members(string section) => section.Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

    private static IEnumerable<string> Inside(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .SelectMany(member => Inside(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Inside),
        _ => [],
    };

    private static string Read()
    {
        using var page = typeof(EventCatalogueTests).Assembly.GetManifestResourceStream("events.md")!;
        using var reader = new StreamReader(page);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
