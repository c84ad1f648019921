namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Keeps what is written without waiting, and passes it on with what is written asynchronously. For
/// <see cref="System.IO.Compression.ZipArchive"/>, which writes its small parts synchronously, where a web server takes
/// none such.</summary>
internal sealed class AsyncSink(Stream inner) : Stream
{
    private const int PassOnAt = 1 << 16;

    private readonly MemoryStream _kept = new();

    public override bool CanRead => false;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => _kept.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _kept.Write(buffer);

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _kept.Write(buffer.Span);
        if (_kept.Length >= PassOnAt)
            await PassOn(cancellationToken);
    }

    /// <summary>Passes on all that is kept.</summary>
    public async Task PassOn(CancellationToken cancellation)
    {
        await inner.WriteAsync(_kept.GetBuffer().AsMemory(0, (int)_kept.Length), cancellation);
        _kept.SetLength(0);
    }

    public override void Flush()
    {
        // Passed on with the next asynchronous write, or at the end.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
