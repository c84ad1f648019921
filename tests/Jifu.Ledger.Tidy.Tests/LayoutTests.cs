namespace Jifu.Ledger.Tidy.Tests;

/// <summary>Where things stand, and that nothing stands where nobody looks.</summary>
public class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "src", "tests", "reconciliation-fixtures", "scripts", "docs", "Jifu.Ledger.sln", "README.md",
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "global.json",
        "Directory.Build.props", "Directory.Packages.props",
    ];

    [Fact]
    public void The_top_level_stays_short() => Checkout.TopLevel.Except(TopLevel)
        .Select(name => new Finding(name, 0, $"the top level holds only {string.Join(", ", TopLevel)}"))
        .ShouldBeNone();

    [Fact]
    public void Each_project_is_in_the_solution()
    {
        var solution = Checkout.Files.Single(file => file.Path == "Jifu.Ledger.sln").Text.Replace('\\', '/');
        Checkout.Projects.Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
            .Select(project => new Finding(project.Path, 0, "add it: dotnet sln add " + project.Path))
            .ShouldBeNone();
    }

    [Fact]
    public void Each_script_says_what_it_is_for() => Checkout.Files
        .Where(file => file.Folder is "scripts" or ".ci")
        .Where(file => file.Lines is not ["#!/usr/bin/env bash", ['#', ' ', _, ..], ..]
            || (file.Folder == "scripts"
                && !file.Text.Contains($"\n#   scripts/{file.Name} ", StringComparison.Ordinal)))
        .Select(file => new Finding(file.Path, 1,
            $"begin with #!/usr/bin/env bash, a sentence, and usage lines such as '#   scripts/{file.Name} …'"))
        .ShouldBeNone();

    [Fact]
    public void Each_script_answers_to_help() => Checkout.Files
        .Where(file => file.Folder == "scripts")
        .Where(file => !file.Text.Contains("--help", StringComparison.Ordinal))
        .Select(file => new Finding(file.Path, 1, "answer --help with the comment at its head"))
        .ShouldBeNone();

    [Fact]
    public void Each_script_can_be_started() => Checkout.Files
        .Where(file => file.Folder is "scripts" or ".ci")
        .Where(file => !OperatingSystem.IsWindows()
            && !File.GetUnixFileMode(file.FullPath).HasFlag(UnixFileMode.UserExecute))
        .Select(file => new Finding(file.Path, 0, "chmod +x " + file.Path))
        .ShouldBeNone();
}
