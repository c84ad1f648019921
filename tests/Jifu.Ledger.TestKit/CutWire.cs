namespace Jifu.Ledger.TestKit;

/// <summary>A wire to the database that is cut, once armed, after the next commit has been carried out and before its
/// answer.</summary>
public sealed class CutWire(int serverPort) : Wire(serverPort)
{
    private int _cutsLeft;
    private int _cutsMade;

    public int CutsMade => _cutsMade;

    public void CutNextCommits(int count) => Interlocked.Exchange(ref _cutsLeft, count);

    // The closing zero tells the statement from the level READ COMMITTED.
    protected override ReadOnlyMemory<byte>? OfRequest(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Decrement(ref _cutsLeft) >= 0)
            connection.IsMarked = true;
        return bytes;
    }

    // The answer to a commit is only sent once it is durable.
    protected override ReadOnlyMemory<byte>? OfAnswer(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (!connection.IsMarked)
            return bytes;
        Interlocked.Increment(ref _cutsMade);
        return null;
    }
}
