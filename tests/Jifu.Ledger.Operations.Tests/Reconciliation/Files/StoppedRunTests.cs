using System.Text;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Somebody who has seen enough while millions of differences are written.</summary>
public sealed class StoppedRunTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jifu-stopped-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_run_that_is_stopped_while_it_writes_leaves_nothing_behind()
    {
        var orders = new StringBuilder("订单号,金额\n");
        for (var row = 0; row < 400_000; row++)
            orders.Append('n').Append(row).Append(",1.00\n");
        var request = new FileReconciliationRequest(
            Path.Combine(folder, "bill.csv"), Channel.WeChatPay, Path.Combine(folder, "orders.csv"),
            new() { Number = "订单号", Amount = "金额" }, DifferencesPath: Path.Combine(folder, "differences.csv"));
        await File.WriteAllTextAsync(request.OrdersPath, orders.ToString());
        await using (var bill = File.Create(request.BillPath))
            TradeBillWriter.Write(bill, []);
        using var stopped = new CancellationTokenSource();

        var watch = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => File.Exists($"{request.DifferencesPath}.part"), TimeSpan.FromMinutes(1));
            stopped.Cancel();
        });
        Should.Throw<OperationCanceledException>(() => FileReconciler.Run(request, null, stopped.Token));
        await watch;

        Directory.GetFiles(folder).Length.ShouldBe(2);
    }
}
