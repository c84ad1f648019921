using System.Reflection;
using FluentValidation;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>What may be wrong with a body, whatever its type.</summary>
internal interface IReadBody
{
    Problem? Problem { get; }
}

/// <summary>A request's body, read strictly and validated, as a parameter of an endpoint. The endpoint only runs when
/// there is a value.</summary>
internal sealed class JsonBody<T> : IReadBody, IEndpointParameterMetadataProvider where T : class
{
    private readonly T? _value;

    private JsonBody(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    public Problem? Problem { get; }

    public T Value => _value ?? throw new InvalidOperationException("The body was refused; BodyFilter is missing.");

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            return new(null, new("media_type_unsupported", "Send Content-Type: application/json."));
        var (value, errors) = StrictJson.Read<T>(await RawBody.Of(context));
        if (value is null)
            return new(null, Problem.Of(errors));
        var rules = context.RequestServices.GetService<IValidator<T>>();
        var found = rules?.Validate(value).Errors.Select(FieldErrors.Of).ToList();
        return found is [_, ..] ? new(null, Problem.Of(found)) : new(value, null);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>Answers for an endpoint whose body was refused.</summary>
internal sealed class BodyFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IReadBody>().FirstOrDefault()?.Problem is { } problem
            ? ValueTask.FromResult<object?>(problem)
            : next(context);
}
