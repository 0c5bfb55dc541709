using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using CacheBackup.Functions.Settings;
using CacheBackup.Infra.Context;
using CacheBackup.Infra.Permissions;
using Constructs;
using Grant = CacheBackup.Infra.Permissions.Grant;
using Permission = CacheBackup.Infra.Permissions.Permission;

namespace CacheBackup.Infra;

/// <summary>
/// Every function: one program, one role each, sizes and time-outs from the handlers themselves. State machines name published versions,
/// which are kept: an execution ends on the code that it began with.
/// </summary>
internal sealed class Functions
{
    private const string SecretsAddressVariable = "AWS_ENDPOINT_URL_SECRETS_MANAGER";

    private readonly Dictionary<string, Function> _functions = [];
    private readonly Construct _scope;
    private readonly StackArns _arns;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Network? _network;
    private readonly Code _code;

    public Functions(Construct scope, StackArns arns, IReadOnlyDictionary<string, string> settings, Network? network, string directory)
    {
        (_scope, _arns, _settings, _network) = (scope, arns, settings, network);
        _code = Code.FromAsset(directory);
        foreach (FunctionDescription function in FunctionDescription.ReadAll())
        {
            Add(function);
        }
    }

    public IReadOnlyCollection<string> Names => _functions.Keys;

    public bool Has(string name) => _functions.ContainsKey(name);

    /// <summary>The function as it is now.</summary>
    public Function Latest(string name) => _functions[name];

    /// <summary>The published version of the function's present code.</summary>
    public Version_ Published(string name) => _functions[name].CurrentVersion;

    private void Add(FunctionDescription description)
    {
        Grant[] grants = FunctionRoles.ByFunction.GetValueOrDefault(description.Name)
            ?? throw new StackContextException(
                $"The function {description.Name} has no role: add a line to infra/Permissions/FunctionRoles.cs that says what it may do.");
        bool standsInNetwork = _network is not null && grants.Any(grant => grant.NeedsNetwork);
        string fullName = $"{_arns.Context.Name}-{description.Name}";
        LogGroup log = new(_scope, $"{description.Name}Log", new LogGroupProps
        {
            LogGroupName = $"/aws/lambda/{fullName}",
            Retention = Logs.Retention(_arns.Context),
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        _functions.Add(description.Name, new Function(_scope, description.Name, new FunctionProps
        {
            FunctionName = fullName,
            Description = $"{description.Name} of {_arns.Context.Name}",
            Runtime = Runtime.PROVIDED_AL2023,
            Architecture = Architecture.X86_64,
            Code = _code,
            Handler = "bootstrap",
            MemorySize = description.MemoryMiB,
            Timeout = Duration.Seconds(description.TimeoutSeconds),
            Environment = EnvironmentOf(description.Name, standsInNetwork),
            Role = RoleOf(description.Name, standsInNetwork ? [.. grants.Except([Grants.TellEvents])] : grants, log),
            LogGroup = log,
            CurrentVersionOptions = new VersionOptions { RemovalPolicy = Buckets.Kept },
            Vpc = standsInNetwork ? _network!.Vpc : null,
            VpcSubnets = standsInNetwork ? Network.Private : null,
            SecurityGroups = standsInNetwork ? _network!.SecurityGroups : null,
        }));
    }

    /// <summary>
    /// The settings. Nothing leads from the network of the caches to EventBridge: what is told there stands in the list of events alone. To
    /// Secrets Manager the stack's own endpoint leads, by its own name.
    /// </summary>
    private Dictionary<string, string> EnvironmentOf(string function, bool standsInNetwork)
    {
        Dictionary<string, string> environment = new(_settings) { ["ANNOTATIONS_HANDLER"] = function };
        if (standsInNetwork)
        {
            environment.Remove(ServiceSettings.EventBus.Name);
            if (_network!.SecretsAddress is { } address)
            {
                environment.Add(SecretsAddressVariable, address);
            }
        }

        DeploymentLimits.CheckEnvironment(function, environment, _arns.Context);
        return environment;
    }

    /// <summary>CDK adds nothing to a role that is handed to it without updates: what stands here is all that the function may do.</summary>
    private IRole RoleOf(string function, Grant[] grants, LogGroup log)
    {
        Permission[] permissions =
        [
            new Permission(["logs:CreateLogStream", "logs:PutLogEvents"], [$"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:/aws/lambda/{_arns.Context.Name}-{function}:*"]),
            .. grants.SelectMany(grant => grant.In(_arns)),
        ];
        DeploymentLimits.CheckPolicy(function, permissions, _arns.Context);
        Role role = new(_scope, $"{function}Role", new RoleProps
        {
            AssumedBy = new ServicePrincipal("lambda.amazonaws.com"),
            Description = $"What {function} of {_arns.Context.Name} may do",
            InlinePolicies = new Dictionary<string, PolicyDocument>
            {
                ["Permissions"] = new(new PolicyDocumentProps { Minimize = true, Statements = [.. permissions.Select(permission => permission.ToStatement())] }),
            },
        });
        role.Node.AddDependency(log);
        return role.WithoutPolicyUpdates();
    }
}
