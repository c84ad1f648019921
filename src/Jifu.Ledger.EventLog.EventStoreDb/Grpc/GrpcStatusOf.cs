using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>How a call ended, as its response says: in the trailers, or in the headers when there is no
/// body.</summary>
internal static class GrpcStatusOf
{
    /// <summary>What the headers of a response already say: that this is no answer of a gRPC server, or that the call
    /// has failed.</summary>
    /// <returns>Null to read on.</returns>
    public static GrpcException? Head(HttpResponseMessage response)
    {
        if (Code(response.Headers) is { } code)
            return code == Protocol.Code.Ok ? null : Failure(code, response.Headers);
        if (response.StatusCode != HttpStatusCode.OK)
            return new(
                ByHttp(response.StatusCode), $"HTTP status {(int)response.StatusCode} instead of a gRPC answer.");
        return response.Content.Headers.ContentType?.MediaType is { } type
            && type.StartsWith(GrpcText.ContentType, StringComparison.OrdinalIgnoreCase)
            ? null
            : new(
                Protocol.Code.Unknown, $"Content of type '{response.Content.Headers.ContentType}' is no gRPC answer.");
    }

    /// <summary>What the end of a response says. No status at all is a failure: the answer was cut off.</summary>
    /// <returns>Null when all was well.</returns>
    public static GrpcException? End(HttpResponseMessage response)
    {
        var said = Code(response.TrailingHeaders) is not null ? response.TrailingHeaders : response.Headers;
        return Code(said) switch
        {
            Protocol.Code.Ok => null,
            { } code => Failure(code, said),
            null => new(Protocol.Code.Unknown, "The answer ended without a status."),
        };
    }

    private static Code? Code(HttpHeaders headers) =>
        headers.TryGetValues(GrpcText.StatusHeader, out var values)
            ? int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && Enum.IsDefined((Code)number) ? (Code)number : Protocol.Code.Unknown
            : null;

    private static GrpcException Failure(Code code, HttpHeaders headers)
    {
        var trailers = headers
            .DistinctBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase);
        return new(code, GrpcText.Decode(trailers.GetValueOrDefault(GrpcText.MessageHeader, "")), trailers);
    }

    private static Code ByHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => Protocol.Code.Internal,
        HttpStatusCode.Unauthorized => Protocol.Code.Unauthenticated,
        HttpStatusCode.Forbidden => Protocol.Code.PermissionDenied,

        // A server says of a method that it does not know in gRPC's own words. This is somebody in front of it, who
        // does not know the server for a moment.
        HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Protocol.Code.Unavailable,
        _ => Protocol.Code.Unknown,
    };
}
