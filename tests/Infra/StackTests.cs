using System.Text.Json;
using CacheBackup.Aws.Api;
using CacheBackup.Functions.Settings;
using CacheBackup.Infra.Context;
using CacheBackup.Infra.Permissions;
using CacheBackup.Infra.Tests.Policies;
using MachineNames = CacheBackup.Core.Operations.StateMachines;
using Told = CacheBackup.Core.Operations.Metric;

namespace CacheBackup.Infra.Tests;

/// <summary>What CloudFormation is asked to make.</summary>
public sealed class StackTests(SynthesisedStack stack)
{
    [Fact]
    public void Every_function_is_ours_and_none_is_a_helper_of_the_construction_kit()
    {
        foreach (ResolvedTemplate template in new[] { stack.Default, stack.Full, stack.WithLock, stack.Far })
        {
            Assert.Equal(FunctionDescription.ReadAll().Select(function => function.Name).Order(), template.Functions.Keys.Order());
            Assert.All(template.Functions, function =>
            {
                Assert.Equal("provided.al2023", Text(function.Value, "Runtime"));
                Assert.Equal("x86_64", function.Value.GetProperty("Architectures")[0].GetString());
                Assert.Equal("bootstrap", Text(function.Value, "Handler"));
            });
            Assert.DoesNotContain(template.Resources.Values, resource => Text(resource, "Type").StartsWith("Custom::", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Memory_and_time_of_a_function_are_those_of_its_handler()
    {
        foreach (FunctionDescription description in FunctionDescription.ReadAll())
        {
            JsonElement function = stack.Default.Functions[description.Name];
            Assert.Equal((description.MemoryMiB, description.TimeoutSeconds), (function.GetProperty("MemorySize").GetInt32(), function.GetProperty("Timeout").GetInt32()));
            Assert.InRange(description.MemoryMiB, 128, 10_240);
            Assert.InRange(description.TimeoutSeconds, 1, 900);
        }
    }

    [Fact]
    public void Environment_of_every_function_is_the_table_of_settings_and_its_own_name()
    {
        string[] required = [.. ServiceSettings.All.Where(setting => setting.IsRequired).Select(setting => setting.Name)];
        string[] all = [.. ServiceSettings.All.Select(setting => setting.Name)];
        foreach ((string name, JsonElement function) in stack.Full.Functions)
        {
            Dictionary<string, string> variables = VariablesOf(stack.Full, function);
            Assert.Equal(name, variables["ANNOTATIONS_HANDLER"]);
            Assert.Empty(required.Except(variables.Keys));
            string[] ofTheNetwork = function.TryGetProperty("VpcConfig", out _) ? ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] : [];
            Assert.Equal(["ANNOTATIONS_HANDLER", .. ofTheNetwork], variables.Keys.Except(all).Order());
        }

        // Nothing leads from the network of the caches to EventBridge, and elsewhere events are told.
        Assert.All(stack.Full.Functions, function => Assert.NotEqual(
            function.Value.TryGetProperty("VpcConfig", out _), VariablesOf(stack.Full, function.Value).ContainsKey(ServiceSettings.EventBus.Name)));

        // Each setting is set in one of these stacks at least.
        Assert.Empty(all.Except(new[] { stack.Full, stack.WithLock }.SelectMany(each => VariablesOf(each, each.Functions["Api"]).Keys)));
        Assert.Equal("arn:aws:states:eu-west-1:123456789012:stateMachine:full-", VariablesOf(stack.Full, stack.Full.Functions["Api"])["STATE_MACHINES"]);
        Assert.Equal("""["s3://exports"]""", VariablesOf(stack.Full, stack.Full.Functions["Api"])["EXPORT_BUCKETS"]);
    }

    [Fact]
    public void Every_function_has_a_role_of_its_own_that_lambda_alone_takes()
    {
        string[] roles = [.. stack.Full.Functions.Values.Select(function => function.GetProperty("Role").GetRawText())];
        Assert.Equal(roles.Length, roles.Distinct().Count());
        Assert.All(stack.Full.OfType("AWS::IAM::Role"), role =>
        {
            Statement trust = Assert.Single(stack.Full.Statements(role.Properties.GetProperty("AssumeRolePolicyDocument")));
            Assert.Equal("sts:AssumeRole", Assert.Single(trust.Actions));
            Assert.Contains(Assert.Single(trust.Principals), new[] { "lambda.amazonaws.com", "states.amazonaws.com", "events.amazonaws.com" });
        });
    }

    [Fact]
    public void Handler_without_a_role_would_stop_the_synthesis_and_no_role_is_written_twice()
    {
        Assert.Empty(FunctionDescription.ReadAll().Select(function => function.Name).Except(FunctionRoles.ByFunction.Keys));
    }

    [Fact]
    public void Only_functions_that_talk_to_caches_stand_in_the_network()
    {
        string[] inside = [.. stack.Full.Functions.Where(function => function.Value.TryGetProperty("VpcConfig", out _)).Select(function => function.Key).Order()];
        string[] reach = [.. FunctionRoles.ByFunction.Where(role => role.Value.Any(grant => grant.NeedsNetwork)).Select(role => role.Key).Order()];
        Assert.Equal(reach.Intersect(stack.Full.Functions.Keys), inside);
        Assert.Empty(inside.Except(["ProbeCache", "SurveyCluster", "ClaimTarget", "Snapshot", "RestoreRange", "CompareRange", "RestoreLane", "CompareLane", "CompareTotals"]));
        Assert.DoesNotContain(stack.Default.Functions.Values, function => function.TryGetProperty("VpcConfig", out _));
    }

    [Fact]
    public void Network_has_the_two_endpoints_that_are_asked_for()
    {
        Assert.Equal(2, stack.Full.OfType("AWS::EC2::VPCEndpoint").Count());
        Assert.Empty(stack.Default.OfType("AWS::EC2::VPCEndpoint"));
        JsonElement s3 = stack.Full.Only("AWS::EC2::VPCEndpoint", "S3Endpoint");
        Assert.Equal("Gateway", Text(s3, "VpcEndpointType"));
        Assert.Equal(2, s3.GetProperty("RouteTableIds").GetArrayLength());
        Assert.Equal("Interface", Text(stack.Full.Only("AWS::EC2::VPCEndpoint", "SecretsEndpoint"), "VpcEndpointType"));
    }

    [Fact]
    public void Endpoint_of_secrets_is_for_the_functions_alone_and_takes_it_from_no_other_workload()
    {
        // Private DNS would lead every workload of the VPC to an endpoint that lets none but these functions in.
        Assert.False(stack.Full.Only("AWS::EC2::VPCEndpoint", "SecretsEndpoint").GetProperty("PrivateDnsEnabled").GetBoolean());
        foreach (JsonElement function in stack.Full.Functions.Values.Where(function => function.TryGetProperty("VpcConfig", out _)))
        {
            Dictionary<string, string> variables = VariablesOf(stack.Full, function);
            AwsApiOptions options = AwsApiOptions.FromEnvironment(AwsService.SecretsManager, name => variables.GetValueOrDefault(name));
            Assert.Equal(new Uri("https://vpce-1.secretsmanager.eu-west-1.vpce.amazonaws.com"), options.Endpoint);
            Assert.Null(AwsApiOptions.FromEnvironment(AwsService.StepFunctions, name => variables.GetValueOrDefault(name)).Endpoint);
        }
    }

    [Fact]
    public void New_serverless_caches_lie_in_the_network_of_the_stack_where_it_has_two_zones()
    {
        Assert.Equal(
            """["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]""", VariablesOf(stack.Full, stack.Full.Functions["RequestManagedCache"])["CACHE_SUBNETS"]);
        Assert.False(VariablesOf(stack.Default, stack.Default.Functions["RequestManagedCache"]).ContainsKey("CACHE_SUBNETS"));
    }

    [Fact]
    public void Events_of_executions_that_did_not_succeed_reach_the_function_that_abandons()
    {
        JsonElement rule = stack.Default.Only("AWS::Events::Rule", "ExecutionRule");
        JsonElement detail = rule.GetProperty("EventPattern").GetProperty("detail");
        Assert.Equal(["FAILED", "TIMED_OUT", "ABORTED"], detail.GetProperty("status").EnumerateArray().Select(status => status.GetString()!));

        // Whole names: a stack called cache-backup-two has machines of its own.
        Assert.Equal(
            MachineNames.All.Select(name => $"arn:aws:states:eu-west-1:123456789012:stateMachine:cache-backup-{name}"),
            detail.GetProperty("stateMachineArn").EnumerateArray().Select(stack.Default.Resolve));
        if (stack.Default.Functions.ContainsKey("AbandonExecution"))
        {
            // As it is now: a version's permission would be made anew with each deployment, and the rule's events of that moment be refused.
            Assert.EndsWith("-AbandonExecution", stack.Default.Resolve(rule.GetProperty("Targets")[0].GetProperty("Arn")), StringComparison.Ordinal);
            JsonElement permission = Assert.Single(stack.Default.OfType("AWS::Lambda::Permission"), each => each.Id.Contains("ExecutionRule", StringComparison.Ordinal)).Properties;
            Assert.EndsWith("-AbandonExecution", stack.Default.Resolve(permission.GetProperty("FunctionName")), StringComparison.Ordinal);
            Assert.Equal(300, stack.Default.Functions["AbandonExecution"].GetProperty("Timeout").GetInt32());
        }
    }

    [Fact]
    public void Tick_starts_the_schedule_every_five_minutes_and_the_purge_runs_every_hour()
    {
        foreach ((string rule, string rate, string machine) in new[] { ("TickRule", "rate(5 minutes)", "schedule"), ("PurgeRule", "rate(1 hour)", "purge") })
        {
            JsonElement properties = stack.Default.Only("AWS::Events::Rule", rule);
            Assert.Equal(rate, Text(properties, "ScheduleExpression"));
            JsonElement target = properties.GetProperty("Targets")[0];
            Assert.Equal($"arn:aws:states:eu-west-1:123456789012:stateMachine:cache-backup-{machine}", stack.Default.Resolve(target.GetProperty("Arn")));
            Assert.Equal("{}", Text(target, "Input"));
        }
    }

    [Fact]
    public void Api_asks_iam_on_every_route()
    {
        Assert.NotEmpty(stack.Default.OfType("AWS::ApiGatewayV2::Route"));
        Assert.All(stack.Default.OfType("AWS::ApiGatewayV2::Route"), route => Assert.Equal("AWS_IAM", Text(route.Properties, "AuthorizationType")));
        Assert.DoesNotContain("queryString", stack.Default.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Route_of_downloads_is_the_one_that_the_router_has()
    {
        IEnumerable<string> routes = new CacheBackup.Functions.Api.DownloadRoutes(null!).All.Select(route => $"{route.Method} /{route.Template}");
        Assert.Equal([$"GET {Api.DownloadRoute}"], routes);
        if (stack.Default.Functions.ContainsKey("Download"))
        {
            Assert.Contains(stack.Default.OfType("AWS::ApiGatewayV2::Route"), route => Text(route.Properties, "RouteKey") == $"GET {Api.DownloadRoute}");
        }
    }

    [Fact]
    public void Alarms_go_by_metrics_that_the_service_tells_and_a_dead_tick_rings()
    {
        Dictionary<string, JsonElement> alarms = stack.Default.OfType("AWS::CloudWatch::Alarm")
            .ToDictionary(alarm => Text(alarm.Properties, "AlarmName")["cache-backup-".Length..], alarm => alarm.Properties);
        Assert.Equal(["AbandonFailed", "AbandonNotCalled", "BackupDamaged", "BackupLate", "BackupMissed", "ExecutionFailed", "ProofOld"], alarms.Keys.Order());
        Assert.Equal(["AWS/Events", "AWS/Lambda", "CacheBackup/cache-backup"], alarms.Values.Select(alarm => Text(alarm, "Namespace")).Distinct().Order());
        string[] names = [.. Told.All.Select(metric => metric.Name)];
        Assert.All(
            alarms.Values.Where(alarm => Text(alarm, "Namespace") == "CacheBackup/cache-backup"), alarm => Assert.Contains(Text(alarm, "MetricName"), names));
        Assert.Equal(["BackupLate", "ProofOld"], alarms.Where(alarm => Text(alarm.Value, "TreatMissingData") == "breaching").Select(alarm => alarm.Key).Order());
        Assert.All(alarms.Values, alarm => Assert.Equal(1, alarm.GetProperty("AlarmActions").GetArrayLength()));
        Assert.DoesNotContain(stack.Far.OfType("AWS::CloudWatch::Alarm"), alarm => Text(alarm.Properties, "AlarmName").EndsWith("ProofOld", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_stacks_of_one_region_tell_apart_so_that_neither_hides_a_dead_tick_of_the_other()
    {
        string[] namespaces =
        [
            .. new[] { stack.Default, stack.Full }.Select(each => VariablesOf(each, each.Functions["PlanBackups"])["METRICS_NAMESPACE"]),
        ];
        Assert.Equal(["CacheBackup/cache-backup", "CacheBackup/full"], namespaces);
        Assert.Equal("Own", SynthesisedStack.Context("""{ "metricsNamespace": "Own" }""").MetricsNamespace);
    }

    [Fact]
    public void Abandoning_that_fails_rings_by_the_errors_of_its_own_function()
    {
        JsonElement alarm = stack.Default.Only("AWS::CloudWatch::Alarm", "AbandonFailedAlarm");
        Assert.Equal(("AWS/Lambda", "Errors"), (Text(alarm, "Namespace"), Text(alarm, "MetricName")));
        Assert.Equal("cache-backup-AbandonExecution", stack.Default.Resolve(Assert.Single(alarm.GetProperty("Dimensions").EnumerateArray()).GetProperty("Value")));
    }

    [Fact]
    public void Dashboard_and_address_are_there_only_where_they_are_asked_for()
    {
        Assert.Empty(stack.Default.OfType("AWS::CloudWatch::Dashboard"));
        Assert.Single(stack.Full.OfType("AWS::CloudWatch::Dashboard"));
        Assert.Empty(stack.Default.OfType("AWS::SNS::Subscription"));
        Assert.Equal("name@example.com", Text(Assert.Single(stack.Full.OfType("AWS::SNS::Subscription")).Properties, "Endpoint"));
    }

    [Fact]
    public void Newcomer_finds_the_names_that_are_needed_next() => Assert.Equal(
        [
            "AlarmTopicArn", "ApiUrl", "CallerPolicy", "CatalogBucketName", "DataBucketName", "ExchangeBucketName", "FunctionSecurityGroups", "KeyArn",
        ],
        stack.Full.Outputs.Keys.Order());

    [Fact]
    public void Nothing_in_the_template_is_a_secret()
    {
        Assert.DoesNotContain("secretsmanager:GetRandomPassword", stack.Full.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("resolve:secretsmanager", stack.Full.Text, StringComparison.Ordinal);
        Assert.Empty(stack.Full.OfType("AWS::SecretsManager::Secret"));
        foreach (JsonElement function in stack.Full.Functions.Values)
        {
            Assert.DoesNotContain(VariablesOf(stack.Full, function), variable =>
                variable.Key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) || variable.Key.Contains("TOKEN", StringComparison.OrdinalIgnoreCase)
                || variable.Key.EndsWith("_KEY", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Template_stays_within_what_cloudformation_takes()
    {
        Assert.InRange(stack.Full.Resources.Count, 1, 499);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(stack.Full.Text), 1, 999_999);

        // IAM: the inline policies of a role have 10,240 characters at most, blanks not counted.
        Assert.All(stack.Full.OfType("AWS::IAM::Role"), role => Assert.InRange(JsonSerializer.Serialize(role.Properties.GetProperty("Policies")).Length, 1, 10_240));
    }

    [Fact]
    public void Lists_that_lambda_or_iam_would_refuse_stop_the_synthesis_with_the_value_that_is_too_long()
    {
        string buckets = string.Join(',', Enumerable.Range(0, 90).Select(i => $"\"s3://exports-of-somebody-{i}/folder/of/exports\""));
        StackContextException environment = Assert.Throws<StackContextException>(() => Create($$"""{ "exportBuckets": [{{buckets}}] }"""));
        Assert.Contains("environment", environment.Message, StringComparison.Ordinal);
        Assert.Contains("cacheBackup.exportBuckets", environment.Message, StringComparison.Ordinal);

        // Keys stand in no environment.
        string keys = string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"arn:aws:kms:eu-west-1:123456789012:key/{i:D36}\""));
        StackContextException policy = Assert.Throws<StackContextException>(() => Create($$"""{ "secretKeys": [{{keys}}] }"""));
        Assert.Contains("10240", policy.Message, StringComparison.Ordinal);
        Assert.Contains("cacheBackup.secretKeys", policy.Message, StringComparison.Ordinal);
    }

    private static void Create(string context)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("cache-backup-limits-");
        try
        {
            SynthesisedStack.Attempt(SynthesisedStack.Context(context), SynthesisedStack.StubProgram(directory));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Synthesis_without_the_program_says_how_to_build_it()
    {
        StackContextException refused = Assert.Throws<StackContextException>(
            () => SynthesisedStack.Attempt(StackContext.Parse(null), Path.Combine(Path.GetTempPath(), "no-such-folder")));
        Assert.Contains("./build.sh lambda", refused.Message, StringComparison.Ordinal);
    }

    internal static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static Dictionary<string, string> VariablesOf(ResolvedTemplate template, JsonElement function) =>
        function.GetProperty("Environment").GetProperty("Variables").EnumerateObject().ToDictionary(each => each.Name, each => template.Resolve(each.Value));
}
