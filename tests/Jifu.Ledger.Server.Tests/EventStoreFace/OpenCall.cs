using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>A call that stays open, and goes on sending and being answered.</summary>
/// <param name="begin">Sends the body; the response comes with the first answer, or the end.</param>
internal sealed class OpenCall<T>(MessageParser<T> parser, Func<HttpContent, Task<HttpResponseMessage>> begin)
    : IDisposable where T : class, IMessage<T>
{
    private readonly OpenBody _body = new();
    private Task<HttpResponseMessage>? _response;
    private PipeReader? _answers;

    public Task Send(IMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        GrpcFrames.Write(bytes, message);
        return SendBytes(bytes.WrittenMemory);
    }

    /// <summary>Sends a part of a message.</summary>
    public async Task SendBytes(ReadOnlyMemory<byte> bytes)
    {
        _response ??= begin(_body);
        await _body.Pipe.Writer.WriteAsync(bytes);
    }

    /// <summary>The next answer; null when the call has ended.</summary>
    public async Task<T?> Next()
    {
        _answers ??= PipeReader.Create(await (await _response!).Content.ReadAsStreamAsync());
        return await GrpcFrames.Read(_answers, parser, int.MaxValue, default);
    }

    /// <summary>Waits for the end of the call.</summary>
    public async Task<Called<T>> Ended()
    {
        var rest = new List<T>();
        while (await Next() is { } message)
            rest.Add(message);
        return Called<T>.Of(await _response!, rest);
    }

    /// <summary>Sends nothing more.</summary>
    public void Dispose()
    {
        _body.Pipe.Writer.Complete();
        _body.Dispose();
    }

    private sealed class OpenBody : HttpContent
    {
        public Pipe Pipe { get; } = new(new(pauseWriterThreshold: 0));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (await Pipe.Reader.ReadAsync() is { IsCompleted: false } read)
            {
                foreach (var part in read.Buffer)
                    await stream.WriteAsync(part);
                Pipe.Reader.AdvanceTo(read.Buffer.End);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
