namespace Jifu.Ledger;

/// <summary>The one way in which names of code become names of storage, files and the API:
/// <c>FeeIncome</c> is <c>fee_income</c>.</summary>
public static class SnakeCase
{
    /// <summary>Lower case, an underscore before each capital that follows a small letter;
    /// digits stay with what precedes them.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var result = name.Length <= 64 ? stackalloc char[128] : new char[name.Length * 2];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsAsciiLetterUpper(name[i]) && i > 0 && !char.IsAsciiLetterUpper(name[i - 1]))
                result[length++] = '_';
            result[length++] = char.ToLowerInvariant(name[i]);
        }

        return new(result[..length]);
    }
}
