using System.Text.RegularExpressions;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>Which of a merchant's accounts with WeChat Pay a fund flow is of. The bill itself does not say; names of
/// files do, such as <c>…Fees…</c>.</summary>
internal static partial class FundFlowAccount
{
    /// <summary>The basic account (基本账户), also when the name tells nothing, as the channel takes it.</summary>
    private const string Basic = "";

    /// <param name="fileName">In an archive, its name and the entry's.</param>
    public static string Of(string fileName)
    {
        var entry = fileName[(fileName.LastIndexOf('/') + 1)..];
        return Named(entry) ?? Named(fileName) ?? Basic;
    }

    // Null when it names none, or several.
    private static string? Named(string name) =>
        (Fees.IsMatch(name), Operation.IsMatch(name), BasicName.IsMatch(name)) switch
        {
            (true, false, false) => "fees",
            (false, true, false) => "operation",
            (false, false, true) => Basic,
            _ => null,
        };

    [GeneratedRegex("(?<![a-z])fees(?![a-z])|手续费", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fees { get; }

    [GeneratedRegex("(?<![a-z])operation(?![a-z])|运营", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Operation { get; }

    [GeneratedRegex("(?<![a-z])basic(?![a-z])|基本", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BasicName { get; }
}
