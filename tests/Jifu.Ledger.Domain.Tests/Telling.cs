using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Domain.Tests;

/// <summary>Puts a command or an event into one line that a product owner can read. The moment <c>At</c>, nulls and
/// empty lists are left out: they decide nothing.</summary>
internal static class Telling
{
    /// <param name="value">What to tell.</param>
    /// <param name="asked">A command just told: records that come from it are not told twice.</param>
    public static string Of(object? value, object? asked = null) => value switch
    {
        null => "nothing",
        string text => text,
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        LineTerms side => $"{{{string.Join(", ", Members(side, null))}}}",
        _ when HasOwnWords(value.GetType()) => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(item => Of(item)))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", Members(value, asked))})",
    };

    private static IEnumerable<string> Members(object record, object? asked)
    {
        foreach (var name in record.GetType().GetConstructors()[0].GetParameters().Select(parameter => parameter.Name!))
        {
            var member = record.GetType().GetProperty(name)!.GetValue(record);
            if (name != "At" && member is not (null or ICollection { Count: 0 }) && Of(member) != "[]")
                yield return $"{char.ToLowerInvariant(name[0])}{name[1..]}: "
                    + (WasAsked(name, member, asked) ? "as asked" : Of(member));
        }
    }

    private static bool WasAsked(string name, object member, object? asked) =>
        !HasOwnWords(member.GetType()) && member is not string
        && member.Equals(asked?.GetType().GetProperty(name)?.GetValue(asked));

    // A record prints itself by generated code; whoever wrote its ToString by hand meant it for people.
    private static bool HasOwnWords(Type type) => type.IsValueType
        || type.GetMethod(nameof(ToString), [])! is var told && told.DeclaringType == type
            && !told.IsDefined(typeof(CompilerGeneratedAttribute), false)
            && !typeof(IEnumerable).IsAssignableFrom(type);
}
