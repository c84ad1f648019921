using System.Reflection;
using System.Text.RegularExpressions;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>How types are named, explained and closed.</summary>
public partial class TypeTests
{
    private static readonly Dictionary<string, string> Instead = new()
    {
        ["Repository"] = "the noun it holds, or IEventLog for events and a query class in ReadModels for views",
        ["Service"] = "what it does: ClearingRun, PaymentCommandHandler, NoticeDelivery",
        ["Manager"] = "what it does to what: a run, a handler, a schedule",
        ["Helper"] = "the noun its functions are about, or methods on that noun",
        ["Util"] = "the noun its functions are about, or methods on that noun",
        ["Utility"] = "the noun its functions are about, or methods on that noun",
        ["Common"] = "the noun that is shared",
        ["Base"] = "the noun of the hierarchy itself: a closed abstract record",
        ["Impl"] = "what tells this one from others: PostgreSql…, Sandbox…",
        ["Processor"] = "a verb's noun: Comparison, ClearingRun, Projector",
        ["Data"] = "the noun that the data are about",
        ["Info"] = "the noun that the information is about",
    };

    [Fact]
    public void Names_of_types_are_nouns_of_the_business() => Checkout.Sources
        .SelectMany(file => file.Outline.Types.SelectMany(type => Word.Matches(type.Name)
            .Select(word => word.Value is [.. var one, 's'] && Instead.ContainsKey(one) ? one : word.Value)
            .Where(Instead.ContainsKey)
            .Select(word => new Finding(file.Path, type.Line,
                $"{type.Name}: instead of {word}, name {Instead[word]}; if no noun fits, it is two things"))))
        .ShouldBeNone();

    [Fact]
    public void Each_public_type_says_what_it_is() => Checkout.Sources
        .Where(file => !file.Path.Contains(".Tests/", StringComparison.Ordinal))
        .SelectMany(file => file.Outline.Types.Where(type => type is { IsPublic: true, IsNested: false })
            .Where(type => !HasSummary(file, type.Line) && !IsAnotherPart(file, type))
            .Select(type => new Finding(file.Path, type.Line,
                $"{type.Name} needs a <summary>: what it is, its units and times, what will hurt its user")))
        .ShouldBeNone();

    [Fact]
    public void Hierarchies_of_cases_are_closed() => Rooms()
        .SelectMany(room => room.GetTypes())
        .Where(type => type.IsAbstract && type.GetMethod("<Clone>$") is not null)
        .Where(type => type.GetNestedTypes().Any(inner => inner.IsSubclassOf(type)))
        .SelectMany(type => type.GetNestedTypes()
            .Where(inner => inner.IsSubclassOf(type) && inner is { IsSealed: false, IsAbstract: false })
            .Select(inner => new Finding(type.FullName!, 0, $"case {inner.Name} is open to heirs; make it sealed"))
            .Concat(IsOpen(type)
                ? [new(type.FullName!, 0, "anybody may add a case; give it a private constructor")]
                : []))
        .ShouldBeNone();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word { get; }

    private static bool HasSummary(CheckoutFile file, int line)
    {
        var above = line - 2;
        while (above >= 0 && file.Lines[above].TrimStart() is var text && IsAboveType(text))
        {
            if (text.Contains("<summary>", StringComparison.Ordinal)
                || text.Contains("<inheritdoc", StringComparison.Ordinal))
                return true;
            above--;
        }

        return false;
    }

    private static bool IsAboveType(string line) =>
        line.StartsWith("//", StringComparison.Ordinal) || line.StartsWith('#') || line.StartsWith('[');

    // A partial type is explained once, in whichever file.
    private static bool IsAnotherPart(CheckoutFile file, DeclaredType type) => Checkout.Sources.Any(other =>
        other.Folder == file.Folder && other.Path != file.Path
        && other.Outline.Types.Any(part => part.Name == type.Name && HasSummary(other, part.Line)));

    private static bool IsOpen(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(made => !made.IsPrivate && !IsCopying(made, type));

    // Each record has one of these, for `with`.
    private static bool IsCopying(ConstructorInfo made, Type type) =>
        made.GetParameters() is [var only] && only.ParameterType == type;

    private static IEnumerable<Assembly> Rooms() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Jifu.Ledger.*.dll")
            .Where(path => !path.EndsWith(".Tests.dll", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom);
}
