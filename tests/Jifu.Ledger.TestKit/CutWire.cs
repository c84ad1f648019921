namespace Jifu.Ledger.TestKit;

/// <summary>A wire to the database that is cut, once armed, after the next commit has been carried out and before its
/// answer.</summary>
public sealed class CutWire(int serverPort) : Wire(serverPort)
{
    private int _cutsLeft;
    private int _appendsLeft;
    private int _cutsMade;
    private int _appendsCut;

    public int CutsMade => _cutsMade;

    /// <summary>How many of the cuts hit an append to the log that was sent with its commit in one batch.</summary>
    public int AppendsCut => _appendsCut;

    /// <summary>Cuts commits that are statements of their own, whoever makes them.</summary>
    public void CutNextCommits(int count) => Interlocked.Exchange(ref _cutsLeft, count);

    /// <summary>Cuts appends to the log that are committed with the batch that sends them, as nearly all are.</summary>
    public void CutNextAppends(int count) => Interlocked.Exchange(ref _appendsLeft, count);

    // The closing zero tells the statement from the level READ COMMITTED.
    protected override ReadOnlyMemory<byte>? OfRequest(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.IndexOf("application_name\0jifu event log\0"u8) >= 0)
            connection.IsOfLog = true;
        if (bytes.Span.IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Decrement(ref _cutsLeft) >= 0)
            connection.IsMarked = true;
        return bytes;
    }

    // The answer to a commit is only sent once it is durable.
    protected override ReadOnlyMemory<byte>? OfAnswer(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        var cutsAppend = !connection.IsMarked && connection.IsOfLog && IsOfAppend(bytes.Span)
            && Interlocked.Decrement(ref _appendsLeft) >= 0;
        if (!connection.IsMarked && !cutsAppend)
            return bytes;
        Interlocked.Increment(ref _cutsMade);
        if (cutsAppend)
            Interlocked.Increment(ref _appendsCut);
        return null;
    }

    // Rows went in, and no transaction is open any more.
    private static bool IsOfAppend(ReadOnlySpan<byte> answer) =>
        answer.EndsWith("Z\0\0\0\u0005I"u8) && answer.IndexOf("INSERT 0 "u8) is >= 0 and var at
        && answer[at + "INSERT 0 ".Length] != '0';
}
