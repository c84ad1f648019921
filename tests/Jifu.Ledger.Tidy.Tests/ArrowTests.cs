using System.Xml.Linq;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>Which room may know which: the arrows of the house.</summary>
public class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Domain"] = [],
        ["EventLog"] = ["Domain"],
        ["EventLog.PostgreSql"] = ["EventLog"],
        ["EventLog.EventStoreDb"] = ["EventLog"],
        ["ReadModels"] = ["EventLog", "Domain"],
        ["Channels"] = ["Domain"],
        ["Channels.Simulator"] = ["Channels", "EventLog.PostgreSql"],
        ["Operations"] = ["Channels", "ReadModels", "EventLog", "Domain"],
        ["Server"] =
        [
            "Operations", "ReadModels", "EventLog.PostgreSql", "EventLog.EventStoreDb", "Channels.Simulator",
        ],
        ["Cli"] = ["Operations", "ReadModels", "EventLog.PostgreSql", "EventLog.EventStoreDb"],
    };

    [Fact]
    public void Rooms_know_only_the_rooms_below_them() => Checkout.Projects
        .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal))
        .SelectMany(Strays)
        .ShouldBeNone();

    [Fact]
    public void The_rules_use_no_package_and_no_framework_beside_the_language() => Checkout.Projects
        .Where(project => project.Name == "Jifu.Ledger.Domain.csproj")
        .Where(project => project.Text.Contains("PackageReference", StringComparison.Ordinal)
            || project.Text.Contains("FrameworkReference", StringComparison.Ordinal))
        .Select(project => new Finding(project.Path, 0, "the domain references nothing; move what needs this outwards"))
        .ShouldBeNone();

    private static IEnumerable<Finding> Strays(CheckoutFile project)
    {
        var room = Room(project.Name);
        if (!Allowed.TryGetValue(room, out var allowed))
        {
            yield return new(project.Path, 0, $"{room} is no room of the house; say in ArrowTests where its arrows go");
            yield break;
        }

        var references = XDocument.Parse(project.Text).Descendants("ProjectReference")
            .Select(reference => Room(Path.GetFileName(reference.Attribute("Include")!.Value.Replace('\\', '/'))));
        foreach (var reference in references.Except(allowed))
        {
            var known = allowed.Length == 0 ? "nothing" : string.Join(", ", allowed);
            yield return new(project.Path, LineOf(project, reference),
                $"{room} may know {known}, not {reference}; let a room above both join them");
        }
    }

    private static string Room(string project) =>
        Path.GetFileNameWithoutExtension(project).Replace("Jifu.Ledger.", "", StringComparison.Ordinal);

    private static int LineOf(CheckoutFile project, string reference) =>
        project.Lines.ToList().FindIndex(line =>
            line.Contains($"Jifu.Ledger.{reference}.csproj", StringComparison.Ordinal)) + 1;
}
