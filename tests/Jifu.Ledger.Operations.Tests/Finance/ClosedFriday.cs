using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Operations.Tests.Finance;

/// <summary>Two days of a small company, closed: all kinds of orders, a share given a day late, a merchant below zero,
/// a difference, and a line that the cut-off carried from Thursday night into Friday's bill.</summary>
public sealed class ClosedFriday : IAsyncLifetime
{
    internal static readonly BusinessDay Friday = Books.Friday;
    private static readonly BusinessDay Thursday = Friday.Previous;
    private static readonly SplitRule ForAgent = new(new("agent"), SplitBasis.Amount, 1000);

    internal Books Books { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Books = await Books.Open();
        await Trade(Books);
        await Books.Project();
        await Books.Clear(Thursday);
        await Books.Clear(Friday);
        await ReconcileThursday(Books);
        await ReconcileFriday(Books);
        await Books.Receive(Thursday, 797);
        await Books.Receive(Friday, FridayNet);
    }

    public async Task DisposeAsync() => await Books.DisposeAsync();

    // Lines of ours: 10000-38, 5005-19, 2000-8, -2000+8, -3000+11, -800+3, 700-3; theirs: also 500-2 and 1000-4.
    internal const long FridayNet = 11_859 + 498 + 996;

    internal static async Task Trade(Books books)
    {
        var evening = await books.Pay("m1", "T-late", 1000, Thursday.Next.Start.AddMinutes(-1));
        var refunded = await books.Pay("m2", "T-cold", 800, Thursday.Start.AddHours(9));

        var morning = Friday.Start.AddHours(9);
        var first = await books.Pay("m1", "20261120000000000001", 10_000, morning, ForAgent);
        await books.Pay("m1", "=1+1", 5005, morning.AddMinutes(1));
        await books.Cancel(await books.Pay("m1", "-3", 2000, morning.AddMinutes(2)), morning.AddMinutes(3));
        await books.Refund(first, "001", 3000, morning.AddHours(1));
        await books.Refund(refunded, "r,2", 800, morning.AddHours(2));
        await books.GiveShare(evening, ForAgent with { Value = 100 }, morning.AddHours(3));
        await books.Pay("m3", "茶 \"green\"", 700, morning.AddHours(4));
    }

    internal static Task ReconcileThursday(Books books) => books.Reconcile(
        Thursday, 797, new ReconciliationEvent.Carried(
            Channel.Sandbox, Thursday, KeyOfLate, Books.Yuan(996), "ours"));

    internal static Task ReconcileFriday(Books books) => books.Reconcile(
        Friday, FridayNet,
        new ReconciliationEvent.DifferenceFound(
            Channel.Sandbox, Friday, "only_at_channel", "payment:p0", "line", "CNY 5.00", "", Books.Yuan(498)),
        new ReconciliationEvent.CarriedMet(Channel.Sandbox, Friday, KeyOfLate));

    private static string KeyOfLate => $"payment:{PaymentId.Of(new("m1"), "T-late")}";
}
