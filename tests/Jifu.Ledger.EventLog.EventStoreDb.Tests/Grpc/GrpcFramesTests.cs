using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Grpc;

public class GrpcFramesTests
{
    private const int BytesMax = 1000;

    [Fact]
    public void A_message_stands_after_a_zero_byte_and_its_length()
    {
        var body = new ArrayBufferWriter<byte>();
        GrpcFrames.Write(body, new BadRequest { Message = "no" });
        Convert.ToHexString(body.WrittenSpan).ShouldBe("00" + "00000004" + "0A026E6F");
    }

    [Fact]
    public async Task Messages_read_back_in_order_however_the_bytes_arrive()
    {
        var body = new ArrayBufferWriter<byte>();
        string[] texts = ["first", "", new('x', 500)];
        foreach (var text in texts)
            GrpcFrames.Write(body, new BadRequest { Message = text });
        var drops = new Pipe();
        var writing = Task.Run(async () =>
        {
            foreach (var one in body.WrittenMemory.ToArray())
                await drops.Writer.WriteAsync(new[] { one });
            await drops.Writer.CompleteAsync();
        });
        foreach (var text in texts)
            (await Next(drops.Reader))!.Message.ShouldBe(text);
        (await Next(drops.Reader)).ShouldBeNull();
        await writing;
    }

    [Theory]
    [InlineData("0100000004" + "0A026E6F", Code.Unimplemented)]
    [InlineData("00000003E9", Code.ResourceExhausted)]
    [InlineData("00FFFFFFFF", Code.ResourceExhausted)]
    [InlineData("0000000004" + "0A02", Code.Internal)]
    [InlineData("000000", Code.Internal)]
    [InlineData("0000000001" + "FF", Code.Internal)]
    public async Task What_is_no_message_is_refused(string hex, Code code)
    {
        var body = PipeReader.Create(new ReadOnlySequence<byte>(Convert.FromHexString(hex)));
        (await Should.ThrowAsync<GrpcException>(Next(body))).Code.ShouldBe(code);
    }

    [Fact]
    public void The_names_and_numbers_on_the_wire_are_EventStoreDBs()
    {
        StreamsReflection.Descriptor.Package.ShouldBe("event_store.client.streams");
        WrongExpectedVersion.Descriptor.FullName.ShouldBe("event_store.client.WrongExpectedVersion");
        ClusterInfo.Descriptor.FullName.ShouldBe("event_store.client.gossip.ClusterInfo");
        Status.Descriptor.FullName.ShouldBe("google.rpc.Status");
        var request = new ReadReq
        {
            Options = new()
            {
                All = new() { Start = new() }, Count = 7, NoFilter = new(), UuidOption = new() { String = new() },
                ControlOption = new() { Compatibility = 1 },
            },
        };
        Convert.ToHexString(request.ToByteArray())
            .ShouldBe("0A10" + "12021200" + "2807" + "4200" + "4A021200" + "52020801");
    }

    private static Task<BadRequest?> Next(PipeReader body) =>
        GrpcFrames.Read(body, BadRequest.Parser, BytesMax, default).AsTask();
}
