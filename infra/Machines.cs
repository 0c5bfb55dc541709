using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.StepFunctions;
using CacheBackup.Infra.Permissions;
using Constructs;

namespace CacheBackup.Infra;

/// <summary>The machines of <c>statemachines/</c>, each with a role of its own that lets it call its functions and nothing else.</summary>
internal sealed class Machines
{
    private readonly Dictionary<string, StateMachine> _machines = [];
    private readonly Construct _scope;
    private readonly StackArns _arns;
    private readonly Functions _functions;

    public Machines(Construct scope, StackArns arns, Functions functions, string directory)
    {
        (_scope, _arns, _functions) = (scope, arns, functions);
        foreach (string name in Core.Operations.StateMachines.All)
        {
            _machines.Add(name, Add(name, MachineTasks.Read(Path.Combine(directory, $"{name}.asl.json"))));
        }
    }

    public StateMachine this[string name] => _machines[name];

    private StateMachine Add(string name, MachineTasks tasks)
    {
        string id = string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        LogGroup log = new(_scope, $"{id}MachineLog", new LogGroupProps
        {
            // Step Functions' log deliveries share one resource policy of the account; names with this beginning need no entry of their own.
            LogGroupName = $"/aws/vendedlogs/states/{_arns.MachinePrefix}{name}",
            Retention = Logs.Retention(_arns.Context),
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        string[] missing = [.. tasks.Functions.Where(function => !_functions.Has(function))];
        if (missing.Length > 0)
        {
            throw new Context.StackContextException($"{name}.asl.json calls {string.Join(", ", missing)}, and no handler has that name.");
        }

        return new StateMachine(_scope, $"{id}Machine", new StateMachineProps
        {
            StateMachineName = $"{_arns.MachinePrefix}{name}",
            DefinitionBody = DefinitionBody.FromFile(WriteDefinition(name, tasks)),
            DefinitionSubstitutions = tasks.Substitutions(function => _functions.Published(function).FunctionArn),
            Role = RoleOf(id, name, tasks),
            TracingEnabled = true,

            // Inputs and results stay out of logs: names of caches and backups are nobody's business there.
            Logs = new LogOptions { Destination = log, Level = LogLevel.ERROR, IncludeExecutionData = false },
        });
    }

    /// <summary>Beside the template, where CDK takes its assets from: the file of the checkout stays as the local runner reads it.</summary>
    private string WriteDefinition(string name, MachineTasks tasks)
    {
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Stage.Of(_scope)!.Outdir, "statemachines"));
        string file = Path.Combine(folder.FullName, $"{name}.asl.json");
        File.WriteAllText(file, tasks.Definition);
        return file;
    }

    private IRole RoleOf(string id, string name, MachineTasks tasks)
    {
        PolicyStatement[] statements =
        [
            .. new[]
            {
                // Every version: executions under way name the one that was published when they began, and this policy is written over by a deployment.
                new Permission(["lambda:InvokeFunction"], [.. tasks.Functions.Select(function => $"{_functions.Latest(function).FunctionArn}:*")]),

                // Log deliveries and traces know no resource.
                new Permission(
                    [
                        "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
                        "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
                    ],
                    ["*"]),
                new Permission(
                    ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"], ["*"]),
            }.Concat(tasks.Services.SelectMany(service => ServiceTasks.Permissions(service, _arns, name))).Select(permission => permission.ToStatement()),
        ];
        Role role = new(_scope, $"{id}MachineRole", new RoleProps
        {
            AssumedBy = new ServicePrincipal("states.amazonaws.com"),
            Description = $"What the state machine {_arns.MachinePrefix}{name} may do",
            InlinePolicies = new Dictionary<string, PolicyDocument>
            {
                ["Permissions"] = new(new PolicyDocumentProps { Minimize = true, Statements = statements }),
            },
        });
        return role.WithoutPolicyUpdates();
    }
}
