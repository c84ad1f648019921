using FluentValidation;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Audit;
using Jifu.Ledger.Server.Api.Balances;
using Jifu.Ledger.Server.Api.Bills;
using Jifu.Ledger.Server.Api.Differences;
using Jifu.Ledger.Server.Api.Docs;
using Jifu.Ledger.Server.Api.Funds;
using Jifu.Ledger.Server.Api.Health;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Merchants;
using Jifu.Ledger.Server.Api.Notices;
using Jifu.Ledger.Server.Api.Ops;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Api.Risk;
using Jifu.Ledger.Server.Api.Settlements;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api;

/// <summary>Everything that can be asked over HTTP, and the doors that each request passes.</summary>
internal static class ApiMap
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddSingleton<SealedSecrets>().AddSingleton<KeyRing>().AddSingleton<Nonces>()
            .AddSingleton<OperatorKeys>().AddSingleton<AnswerBook>().AddHostedService<ClaimRenewal>()
            .AddSingleton<KeyDesk>().AddSingleton<StaffKeyDesk>().AddSingleton<KeyList>().AddSingleton<AskedMerchant>()
            .AddSingleton<OnePerson>(services => services.GetRequiredService<KeyRing>().AreOnePerson);
        services.AddSingleton<IValidator<MerchantRequest>, MerchantRules>();
        services.AddSingleton<IValidator<KeyRequest>, KeyRules>();
        services.AddSingleton<IValidator<PaymentRequest>, PaymentRequestRules>();
        services.AddSingleton<IValidator<RefundRequest>, RefundRequestRules>();
        services.AddSingleton<IValidator<SplitRequest>, SplitRequestRules>();
        services.AddSingleton<IValidator<CancelRequest>, CancelRequestRules>();
        services.AddSingleton<IValidator<TransferRequest>, TransferRequestRules>();
        services.AddSingleton<IValidator<OverdraftLimitJson>, OverdraftLimitRules>();
        services.AddSingleton<Cursors>().AddSingleton<NoticeSecrets>().AddSingleton<DifferenceAnswer>().AddAudit();
        return services.AddApiDescription();
    }

    public static void MapApi(this WebApplication app, ServerSettings settings)
    {
        app.UseDoors();
        app.MapHealth();
        app.MapDocs();

        var v1 = app.V1();
        v1.MapMerchants();
        v1.MapKeys();
        v1.MapRiskLists();
        if (settings.Sandbox)
            v1.MapSignatureTool();
        var brief = v1.MapGroup("").WithMetadata(new AskedInPassing());
        brief.MapPayments();
        brief.MapRefunds();
        brief.MapFunds();
        v1.MapBalances();
        v1.MapSettlements();
        v1.MapBills();
        v1.MapNotices();
        v1.MapNoticeSecret();
        v1.MapOps();
        v1.MapProjections();
        v1.MapReconciliation();
        v1.MapDifferences();
        v1.MapMatchingRules();
        v1.MapBank();
        v1.MapReports();
        v1.MapAudit();
        v1.MapEvidence();
        v1.MapStaffKeys();
        app.MapChannelNotices();
        if (settings.Sandbox)
            app.MapPlayedChannel(v1);
    }

    private static void UseDoors(this WebApplication app)
    {
        app.UseMiddleware<ProblemGate>();
        app.UseMiddleware<CrowdGate>();
        app.UseRouting();
        app.UseMiddleware<PatienceGate>();
        app.UseMiddleware<AdmissionGate>();
        app.UseMiddleware<IdempotencyGate>();

        // Up to here nothing was done for a request.
        app.Use((context, next) =>
        {
            context.Features.Set(new Entry());
            return next(context);
        });
    }

    /// <summary>Where endpoints for signed requests are mapped.</summary>
    public static RouteGroupBuilder V1(this WebApplication app) =>
        app.MapGroup("/v1").AddEndpointFilter(PatienceGate.DoneIsTold)
            .AddEndpointFilter<RouteGroupBuilder, BodyFilter>();
}
