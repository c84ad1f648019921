namespace Jifu.Ledger.Channels.Alipay;

/// <summary>What the documents of one file say of the same, each in its own way.</summary>
internal sealed class AlipaySums
{
    public AlipayTradeSums Trade { get; } = new();

    public AlipayFlowSums Flow { get; } = new();

    public AlipayParts Parts { get; } = new();

    /// <summary>At the end of the file: they must agree.</summary>
    /// <param name="wasTaken">Before trades were compared and parts known, perhaps.</param>
    public void Check(bool wasTaken)
    {
        if (!wasTaken)
        {
            Parts.Check();
            Trade.Check();
        }

        Flow.Check();
    }
}
