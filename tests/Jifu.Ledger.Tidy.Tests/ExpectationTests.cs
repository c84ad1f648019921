using System.Text.RegularExpressions;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>A file of expectations that nobody compares is litter.</summary>
public class ExpectationTests
{
    [Fact]
    public void Each_approved_file_has_its_test() => Checkout.Files
        .Where(file => file.Name.EndsWith(".approved.txt", StringComparison.Ordinal))
        .Where(file => file.Name.Split('.') is not [var type, var method, ..] || !HasTest(file, type, method))
        .Select(file => new Finding(file.Path, 0, "no test of this name stands beside it; rename it, or delete it"))
        .ShouldBeNone();

    [Fact]
    public void Each_reconciliation_case_says_what_is_expected() => Checkout.Files
        .Where(file => file.Path.StartsWith("reconciliation-fixtures/", StringComparison.Ordinal))
        .Where(file => file.Folder.Count(c => c == '/') == 2)
        .GroupBy(file => file.Folder)
        .Where(folder => !folder.Any(file => file.Name == "expected.txt"))
        .Select(folder => new Finding(folder.Key, 0, "write its expected.txt: what should the comparison find?"))
        .ShouldBeNone();

    [Fact]
    public void Each_reconciliation_case_stands_under_its_channel() => Checkout.Files
        .Where(file => file.Path.StartsWith("reconciliation-fixtures/", StringComparison.Ordinal))
        .Where(file => !file.Name.EndsWith(".md", StringComparison.Ordinal))
        .Where(file => file.Folder.Count(c => c == '/') != 2)
        .Select(file => new Finding(file.Path, 0, "move it to reconciliation-fixtures/<channel>/<what is wrong>/"))
        .ShouldBeNone();

    private static bool HasTest(CheckoutFile approved, string type, string method) => Checkout.Sources
        .Where(source => source.Folder == approved.Folder)
        .Any(source => Regex.IsMatch(source.Text, $@"\bclass {Regex.Escape(type)}\b")
            && Checkout.Sources.Any(part => part.Folder == source.Folder
                && Regex.IsMatch(part.Text, $@"\b{Regex.Escape(method)}\s*\(")));
}
