using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AwsApigatewayv2Authorizers;
using Amazon.CDK.AwsApigatewayv2Integrations;
using CacheBackup.Infra.Permissions;
using Constructs;
using HttpMethod = Amazon.CDK.AWS.Apigatewayv2.HttpMethod;

namespace CacheBackup.Infra;

/// <summary>The HTTP API. Nobody calls it whom IAM does not allow to: every route asks.</summary>
internal sealed class Api
{
    /// <summary>
    /// Links are signed by a function of its own: they carry the rights of whoever signed them, and end with those credentials. Its role reads
    /// and nothing else; that of Api, which reads backups too, also writes records, starts machines, and gives back what it could not start.
    /// </summary>
    public const string DownloadRoute = "/backups/{name}/download";

    private const string AccessLine =
        """{"time":"$context.requestTime","request":"$context.requestId","route":"$context.routeKey","status":"$context.status","caller":"$context.identity.userArn","failure":"$context.integrationErrorMessage"}""";

    public Api(Construct scope, StackArns arns, Functions functions)
    {
        HttpApi api = new(scope, "HttpApi", new HttpApiProps
        {
            ApiName = arns.Context.Name,
            Description = "Cache Backup; GET /openapi.json describes it",
            DefaultAuthorizer = new HttpIamAuthorizer(),
        });
        api.AddRoutes(new AddRoutesOptions
        {
            Path = "/{proxy+}",
            Methods = [HttpMethod.ANY],
            Integration = new HttpLambdaIntegration("ApiIntegration", functions.Latest("Api")),
        });
        if (functions.Has("Download"))
        {
            api.AddRoutes(new AddRoutesOptions
            {
                Path = DownloadRoute,
                Methods = [HttpMethod.GET, HttpMethod.HEAD],
                Integration = new HttpLambdaIntegration("DownloadIntegration", functions.Latest("Download")),
            });
        }

        AddAccessLog(scope, arns, api);
        Url = api.ApiEndpoint;
        Callers = new ManagedPolicy(scope, "Callers", new ManagedPolicyProps
        {
            Description = $"May call every route of the API of {arns.Context.Name}",
            Statements =
            [
                new PolicyStatement(new PolicyStatementProps { Actions = ["execute-api:Invoke"], Resources = [$"{ArnOf(api)}/*"] }),
            ],
        });
    }

    public string Url { get; }

    /// <summary>A policy for those who may call the API, attached to nobody.</summary>
    public ManagedPolicy Callers { get; }

    private static string ArnOf(HttpApi api) => $"arn:{Aws.PARTITION}:execute-api:{Aws.REGION}:{Aws.ACCOUNT_ID}:{api.ApiId}";

    /// <summary>Who called what: never a query, which may hold patterns of keys.</summary>
    private static void AddAccessLog(Construct scope, StackArns arns, HttpApi api)
    {
        LogGroup log = new(scope, "ApiAccessLog", new LogGroupProps
        {
            LogGroupName = $"/aws/vendedlogs/apigateway/{arns.Context.Name}",
            Retention = Logs.Retention(arns.Context),
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        CfnStage stage = (CfnStage)api.DefaultStage!.Node.DefaultChild!;
        stage.AccessLogSettings = new CfnStage.AccessLogSettingsProperty { DestinationArn = log.LogGroupArn, Format = AccessLine };
    }
}
