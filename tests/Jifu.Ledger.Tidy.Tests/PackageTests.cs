using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>What we take from others, and why.</summary>
public partial class PackageTests
{
    private static readonly CheckoutFile Pins =
        Checkout.Files.Single(file => file.Path == "Directory.Packages.props");

    private static IEnumerable<(string Name, string Version)> Packages =>
        XDocument.Parse(Pins.Text).Descendants("PackageVersion")
            .Select(pin => (pin.Attribute("Include")!.Value, pin.Attribute("Version")!.Value));

    [Fact]
    public void Packages_are_pinned_to_one_version() => Packages
        .Where(package => !ExactVersion.IsMatch(package.Version))
        .Select(package => new Finding(Pins.Path, LineOf(package.Name),
            $"{package.Name} {package.Version}: pin it as [1.2.3]"))
        .ShouldBeNone();

    [Fact]
    public void Versions_stand_in_one_place() => Checkout.Projects
        .Where(project => XDocument.Parse(project.Text).Descendants("PackageReference")
            .Any(reference => reference.Attribute("Version") is not null
                || reference.Attribute("VersionOverride") is not null))
        .Select(project => new Finding(project.Path, 0, $"move the version to {Pins.Path}"))
        .ShouldBeNone();

    [Fact]
    public void Each_project_has_its_lock_file() => Checkout.Projects
        .Where(project => !Checkout.Files.Any(file => file.Path == $"{project.Folder}/packages.lock.json"))
        .Select(project => new Finding(project.Path, 0, "commit its packages.lock.json"))
        .ShouldBeNone();

    [Fact]
    public void Each_package_is_used_and_has_its_reason()
    {
        var reasons = string.Concat(Checkout.Files
            .Where(file => file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .Select(file => file.Text));
        var used = string.Concat(Checkout.Projects.Select(project => project.Text)
            .Concat(Checkout.Files.Where(file => file.Path == "Directory.Build.props").Select(file => file.Text)));
        Packages.SelectMany(package => Missing(package.Name, reasons, used)).ShouldBeNone();
    }

    private static IEnumerable<Finding> Missing(string package, string reasons, string used)
    {
        if (!reasons.Contains($"`{package}`", StringComparison.Ordinal))
            yield return new(Pins.Path, LineOf(package), $"say in docs/decisions/ why we take `{package}`");
        if (!used.Contains($"Include=\"{package}\"", StringComparison.Ordinal))
            yield return new(Pins.Path, LineOf(package), $"no project uses {package}; take it out");
    }

    private static int LineOf(string package) =>
        Pins.Lines.ToList().FindIndex(line => line.Contains($"\"{package}\"", StringComparison.Ordinal)) + 1;

    [GeneratedRegex(@"^\[\d+(\.\d+)+(-[\w.]+)?\]$")]
    private static partial Regex ExactVersion { get; }
}
