using System.Text.Json;
using CacheBackup.Infra.Tests.Policies;
using MachineNames = CacheBackup.Core.Operations.StateMachines;

namespace CacheBackup.Infra.Tests;

public sealed class MachinesTests(SynthesisedStack stack)
{
    public static TheoryData<string> All => [.. MachineNames.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_has_its_name_and_names_published_versions_of_its_functions(string name)
    {
        JsonElement machine = Machine(name);
        MachineTasks tasks = MachineTasks.Read(Path.Combine(Checkout.Find(), "statemachines", $"{name}.asl.json"));
        Dictionary<string, string> substitutions = machine.GetProperty("DefinitionSubstitutions").EnumerateObject()
            .ToDictionary(each => each.Name, each => stack.Full.Resolve(each.Value));
        Assert.NotEmpty(tasks.Functions);
        Dictionary<string, string> expected = tasks.Functions.ToDictionary(f => f, f => $"arn:aws:lambda:eu-west-1:123456789012:function:full-{f}:1");
        expected.Add("Partition", "aws");
        Assert.Equal(expected, substitutions);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_is_that_of_its_file_in_the_partition_of_the_account(string name)
    {
        string definition = stack.Full.Asset(Machine(name).GetProperty("DefinitionS3Location").GetProperty("Key").GetString()!);
        Assert.DoesNotContain("arn:aws", definition, StringComparison.Ordinal);
        using JsonDocument deployed = JsonDocument.Parse(definition.Replace("${Partition}", "aws", StringComparison.Ordinal));
        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Find(), "statemachines", $"{name}.asl.json")));
        Assert.True(JsonElement.DeepEquals(written.RootElement, deployed.RootElement));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_logs_without_data_of_executions_and_traces(string name)
    {
        JsonElement machine = Machine(name);
        JsonElement logging = machine.GetProperty("LoggingConfiguration");
        Assert.False(logging.TryGetProperty("IncludeExecutionData", out JsonElement data) && data.GetBoolean());
        Assert.True(machine.GetProperty("TracingConfiguration").GetProperty("Enabled").GetBoolean());
        Assert.Contains(
            stack.Full.OfType("AWS::Logs::LogGroup"), log => StackTests.Text(log.Properties, "LogGroupName") == $"/aws/vendedlogs/states/full-{name}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_may_call_its_own_functions_and_no_other(string name)
    {
        IReadOnlyList<Statement> policy = stack.Full.PolicyOf(Machine(name).GetProperty("RoleArn"));
        string[] own = [.. MachineTasks.Read(Path.Combine(Checkout.Find(), "statemachines", $"{name}.asl.json")).Functions];
        Assert.Equal(
            own,
            stack.Full.Functions.Keys.Where(f => Policy.Allows(policy, "lambda:InvokeFunction", $"arn:aws:lambda:eu-west-1:123456789012:function:full-{f}:1")).Order(StringComparer.Ordinal));

        // What ElastiCache tries in the caller's name before an export is all that a machine may do in a bucket.
        Assert.All(
            policy.Where(statement => statement.Actions.Any(action => action.StartsWith("s3:", StringComparison.Ordinal))).SelectMany(statement => statement.Resources),
            resource => Assert.True(resource is "*" || resource.StartsWith("arn:aws:s3:::exchange-bucket", StringComparison.Ordinal), resource));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Execution_that_began_before_a_deployment_may_call_the_versions_that_it_names(string name)
    {
        IReadOnlyList<Statement> policy = stack.Full.PolicyOf(Machine(name).GetProperty("RoleArn"));
        string[] own = [.. MachineTasks.Read(Path.Combine(Checkout.Find(), "statemachines", $"{name}.asl.json")).Functions];
        Assert.NotEmpty(own);
        Assert.All(own, f => Assert.True(Policy.Allows(policy, "lambda:InvokeFunction", $"arn:aws:lambda:eu-west-1:123456789012:function:full-{f}:77"), f));
        Assert.All(
            stack.Full.Functions.Keys.Except(own),
            f => Assert.False(Policy.Allows(policy, "lambda:InvokeFunction", $"arn:aws:lambda:eu-west-1:123456789012:function:full-{f}:77"), f));

        // What is not published is called by nobody.
        Assert.All(own, f => Assert.False(Policy.Allows(policy, "lambda:InvokeFunction", $"arn:aws:lambda:eu-west-1:123456789012:function:full-{f}"), f));
    }

    [Theory]
    [InlineData("backup", "CopySnapshot", new[] { "s3:GetBucketAcl" }, "arn:aws:s3:::exchange-bucket")]
    [InlineData(
        "remove-cache",
        "DeleteReplicationGroup",
        new[] { "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcs" },
        "*")]
    [InlineData("remove-cache", "DeleteServerlessCache", new[] { "ec2:DescribeTags" }, "*")]
    public void Machine_that_asks_elasticache_may_do_what_the_request_depends_on(string name, string action, string[] dependent, string resource)
    {
        IReadOnlyList<Statement> policy = stack.Full.PolicyOf(Machine(name).GetProperty("RoleArn"));
        Assert.Contains(policy, statement => statement.Actions.Contains($"elasticache:{action}"));
        Dictionary<string, string> byElastiCache = new() { ["aws:ViaAWSService"] = "true" };
        Assert.All(dependent, each => Assert.True(Policy.Allows(policy, each, resource, byElastiCache), each));
        Assert.All(
            dependent.Where(each => each.StartsWith("ec2:", StringComparison.Ordinal) && !each.StartsWith("ec2:Describe", StringComparison.Ordinal)),
            each => Assert.False(Policy.Allows(policy, each, resource), $"{each} by the machine itself"));
    }

    [Fact]
    public void Task_waits_half_a_minute_longer_than_its_function_works()
    {
        Dictionary<string, int> seconds = FunctionDescription.ReadAll().ToDictionary(function => function.Name, function => function.TimeoutSeconds);
        foreach (string name in MachineNames.All)
        {
            using JsonDocument machine = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Find(), "statemachines", $"{name}.asl.json")));
            foreach ((string state, string function, int waits) in TasksIn(machine.RootElement))
            {
                Assert.True(waits >= seconds[function] + 30, $"{name}.{state} waits {waits} s for {function}, which works up to {seconds[function]} s.");
            }
        }
    }

    [Fact]
    public void Functions_of_the_roles_placeholders_and_handlers_are_the_same()
    {
        string[] called = [.. MachineNames.All.SelectMany(name => MachineTasks.Read(Path.Combine(Checkout.Find(), "statemachines", $"{name}.asl.json")).Functions).Distinct().Order(StringComparer.Ordinal)];
        string[] apart = ["AbandonExecution", "Api", "Download"];
        Assert.Equal(FunctionDescription.ReadAll().Select(function => function.Name).Except(apart), called);
    }

    private static IEnumerable<(string State, string Function, int Seconds)> TasksIn(JsonElement scope) =>
        from state in scope.GetProperty("States").EnumerateObject()
        from task in Own(state).Concat(state.Value.TryGetProperty("ItemProcessor", out JsonElement inner) ? TasksIn(inner) : [])
        select task;

    private static IEnumerable<(string State, string Function, int Seconds)> Own(JsonProperty state) =>
        state.Value.TryGetProperty("Resource", out JsonElement resource) && resource.GetString() == "arn:aws:states:::lambda:invoke"
            ? [(state.Name, state.Value.GetProperty("Parameters").GetProperty("FunctionName").GetString()!.TrimStart('$', '{').TrimEnd('}'), state.Value.GetProperty("TimeoutSeconds").GetInt32())]
            : [];

    private JsonElement Machine(string name) => stack.Full.OfType("AWS::StepFunctions::StateMachine")
        .Single(machine => stack.Full.Resolve(machine.Properties.GetProperty("StateMachineName")) == $"full-{name}").Properties;
}
