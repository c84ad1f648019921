using System.Buffers;
using System.Text;
using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Past;
using Jifu.Ledger.Server.Api.Json;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>An answer of any length: one JSON object a line, sent as it comes. What goes wrong on the way is a last
/// line with <c>problem</c>; an answer whose last line is neither that nor <c>end</c> was cut off.</summary>
internal sealed class LineStream(Func<LineWriter, Task> write) : IResult
{
    public const string MediaType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaType;
        var writer = new LineWriter(response.Body, httpContext.RequestAborted);
        try
        {
            await write(writer);
        }
        catch (FoldStoppedException e)
        {
            await writer.Write(new { Problem = new { Code = "fold_stopped", Detail = e.Message } });
        }
        catch (NotThisTypeException e)
        {
            await writer.Write(new { Problem = new { Code = "parameter_invalid", Detail = $"where: {e.Message}" } });
        }
        catch (Exception e) when (e is EventLogUnavailableException
            || (e is NpgsqlException trouble && trouble.Passes()))
        {
            await writer.Write(new { Problem = new { Code = "unavailable", Detail = e.Message } });
        }
        catch (NpgsqlException e)
        {
            await writer.Write(new { Problem = new { Code = "internal_error", Detail = e.Message } });
        }

        await writer.Flush();
    }
}

/// <summary>Where an answer's lines go.</summary>
internal sealed class LineWriter(Stream body, CancellationToken cancellation)
{
    private const int FlushAtBytes = 1 << 15;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);

    private readonly ArrayBufferWriter<byte> _waiting = new();
    private long _told = TimeProvider.System.GetTimestamp();

    /// <summary>Ends when nobody reads any more.</summary>
    public CancellationToken Cancellation => cancellation;

    public Task Write(object line) => Raw(JsonSerializer.SerializeToUtf8Bytes(line, ApiJson.Options));

    /// <summary>A line that holds JSON made elsewhere: <c>{"row":…}</c>.</summary>
    public Task Write(string name, string json) => Raw(Encoding.UTF8.GetBytes($"{{\"{name}\":{json}}}"));

    /// <summary>Says how far the work has come, a few times a second.</summary>
    public async Task Progress(long reached, long target)
    {
        if (TimeProvider.System.GetElapsedTime(_told) < ProgressEvery)
            return;
        _told = TimeProvider.System.GetTimestamp();
        await Write(new { Progress = new { Reached = reached, Target = target } });
        await Flush();
    }

    public async Task Flush()
    {
        await body.WriteAsync(_waiting.WrittenMemory, cancellation);
        await body.FlushAsync(cancellation);
        _waiting.ResetWrittenCount();
    }

    private async Task Raw(byte[] line)
    {
        _waiting.Write(line);
        _waiting.Write("\n"u8);
        if (_waiting.WrittenCount > FlushAtBytes)
            await Flush();
    }
}
