using System.Globalization;
using System.Text.Json.Nodes;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Jifu.Ledger.Server.Api.Docs;

/// <summary>The OpenAPI 3.1 document that describes the API: what the framework sees, and what only we know.</summary>
internal static class ApiDescription
{
    private const string Signature = "signature";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer(Describe);
            options.AddOperationTransformer(Describe);
            options.AddSchemaTransformer(Describe);
        });

    private static Task Describe(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new()
        {
            Title = "Jifu Ledger API",
            Version = "v1",
            Description = "Payments, refunds, splits, clearing and settlement. 支付、退款、分账、清分、结算。",
        };
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Signature] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "JIFU1-HMAC-SHA256 or JIFU1-RSA-SHA256 key_id=\"..\",ts=\"..\",nonce=\"..\",signature=\"..\" "
                + "over METHOD, path?query, ts, nonce and body, each ended by one line feed.",
        };
        return Task.CompletedTask;
    }

    private static async Task Describe(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem with a stable code. 出错：见 code。",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = await Problem(context, cancellation) },
            },
        };
        if (metadata.OfType<Admitted>().LastOrDefault() is { } admitted)
        {
            var roles = string.Join(", ", admitted.Roles.Select(role => SnakeCase.Of($"{role}")));
            operation.Description = $"{operation.Description}\n\nAdmits 角色: {roles}.".Trim();
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(Signature, context.Document)] = [] }];
        }

        if (metadata.OfType<Idempotent>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = IdempotencyMetadata.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "1 to 255 visible characters. The same key again gets the same answer. 幂等键。",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
    }

    private static async Task<OpenApiSchemaReference> Problem(
        OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellation);
        context.Document!.AddComponent(nameof(Problem), schema);
        return new(nameof(Problem), context.Document);
    }

    // Types with a converter of ours say nothing about themselves.
    private static Task Describe(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(MinorUnits))
        {
            (schema.Type, schema.Format, schema.Minimum) = (JsonSchemaType.Integer, "int64", "0");
            schema.Maximum = Money.LargestMinorUnits.ToString(CultureInfo.InvariantCulture);
            schema.Description = "Minor units: 100 is CNY 1.00. 最小货币单位（分）。";
        }
        else if (type == typeof(Currency))
            Names(schema, CurrencyJson.Names);
        else if (type == typeof(Channel))
            Names(schema, ChannelJson.Names);
        else if (type == typeof(BusinessDay))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date");
        else if (type == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        else if (type.IsEnum)
            Names(schema, Enum.GetNames(type).Where(name => name != "None").Select(SnakeCase.Of));
        return Task.CompletedTask;
    }

    private static void Names(OpenApiSchema schema, IEnumerable<string> names)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. names.Select(name => (JsonNode)name)];
    }
}
