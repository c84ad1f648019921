namespace Jifu.Ledger.Channels.Alipay;

/// <summary>What the documents of one file say of the same, each in its own way.</summary>
internal sealed class AlipaySums
{
    public AlipayTradeSums Trade { get; } = new();

    public AlipayFlowSums Flow { get; } = new();

    /// <summary>At the end of the file: they must agree.</summary>
    /// <param name="wasTaken">Before trades were compared, perhaps.</param>
    public void Check(bool wasTaken)
    {
        if (!wasTaken)
            Trade.Check();
        Flow.Check();
    }
}
