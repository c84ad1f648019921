using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>An export that is guessed beside the example bill, in a folder of its own.</summary>
internal sealed class GuessedExport : IDisposable
{
    private static readonly string Bill = Path.Combine(
        AppContext.BaseDirectory.Split("/tests/")[0], "docs", "examples", "wechatpay-bill.csv");

    public string Folder { get; } = Directory.CreateTempSubdirectory("jifu-guess-").FullName;

    public MappingGuess Of(string orders, Dictionary<string, string>? told)
    {
        var export = Path.Combine(Folder, "orders.csv");
        File.WriteAllText(export, orders);
        return MappingGuess.Of(OrderSample.Read(export), BillSample.Read(Bill, Channel.WeChatPay), told);
    }

    /// <summary>What is said of each field, and what is asked.</summary>
    public static IEnumerable<string> Lines(MappingGuess guess) =>
    [
        .. guess.Fields.Select(field => $"{field.Field} <- {field.Column ?? "nothing"} ({field.Why})"),
        .. guess.Doubts.Select(doubt => $"? {doubt}"),
    ];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
