namespace Jifu.Ledger.Tidy.Tests;

/// <summary>The files of this checkout, as the rules look at them; what builds and tools leave behind is not among
/// them.</summary>
internal static class Checkout
{
    private static readonly string[] Ignored =
        [".git", ".jifu", "bin", "obj", "TestResults", ".vs", ".idea", "node_modules"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<CheckoutFile> Files { get; } =
        [.. Walk(Root).Order(StringComparer.Ordinal).Select(path => new CheckoutFile(Root, path))];

    public static IEnumerable<CheckoutFile> Sources =>
        Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<CheckoutFile> Projects =>
        Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal));

    public static IEnumerable<string> TopLevel =>
        Directory.EnumerateFileSystemEntries(Root).Select(path => System.IO.Path.GetFileName(path)!)
            .Where(name => !Ignored.Contains(name, StringComparer.Ordinal));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(file => !Ignored.Contains(System.IO.Path.GetFileName(file), StringComparer.Ordinal))
            .Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !Ignored.Contains(System.IO.Path.GetFileName(inner), StringComparer.Ordinal))
            .SelectMany(Walk));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Jifu.Ledger.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder
            ?? throw new InvalidOperationException($"No Jifu.Ledger.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>One file, by its path from the checkout's root with forward slashes.</summary>
internal sealed class CheckoutFile(string root, string fullPath)
{
    private readonly Lazy<string> _text = new(() => File.ReadAllText(fullPath));
    private readonly Lazy<string[]> _lines = new(() => File.ReadAllText(fullPath).ReplaceLineEndings("\n").Split('\n'));
    private readonly Lazy<CSharpOutline> _outline = new(() => CSharpOutline.Of(File.ReadAllText(fullPath)));

    public string FullPath => fullPath;

    public string Path { get; } = System.IO.Path.GetRelativePath(root, fullPath).Replace('\\', '/');

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string Name => System.IO.Path.GetFileName(Path);

    public string Text => _text.Value;

    /// <summary>A last empty line, after the last line break, counts as none.</summary>
    public IReadOnlyList<string> Lines => _lines.Value is [.. var all, ""] ? all : _lines.Value;

    /// <summary>Only of a C# file.</summary>
    public CSharpOutline Outline => _outline.Value;
}
