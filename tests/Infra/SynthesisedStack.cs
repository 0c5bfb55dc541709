using System.Text.Json;
using Amazon.CDK;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra.Tests;

/// <summary>
/// The stack as CloudFormation gets it, synthesised once for all tests: with nothing set, with everything set, and with the switches turned
/// that exclude others. Starting CDK takes seconds, each further stack little more than one.
/// </summary>
public sealed class SynthesisedStack : IDisposable
{
    public const string Region = "eu-west-1";
    public const string OptInRegion = "ap-east-1";

    private const string Everything = $$"""
        {
          "name": "full", "region": "{{Region}}", "account": "123456789012", "vpcId": "vpc-0123456789abcdef0",
          "availabilityZones": ["eu-west-1a", "eu-west-1b"], "subnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
          "routeTableIds": ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
          "exportBuckets": ["s3://exports"], "importBuckets": ["s3://imports"],
          "copyTargets": ["s3://copies?region=eu-central-1&kms-key=arn:aws:kms:eu-central-1:123456789012:key/copies"],
          "bucketKeys": ["arn:aws:kms:eu-west-1:123456789012:key/others"], "secretKeys": ["arn:aws:kms:eu-west-1:123456789012:key/secrets"],
          "cacheKeys": ["arn:aws:kms:eu-west-1:123456789012:key/caches"],
          "allowDeleteCaches": true, "alarmAddress": "name@example.com", "dashboard": true, "quotas": "elasticache"
        }
        """;

    private const string Locked = """{ "name": "locked", "objectLock": "governance", "objectLockDays": 30, "exchangeAcl": true, "eventBus": "" }""";

    private const string OptIn = $$"""{ "name": "far", "region": "{{OptInRegion}}", "verifySharePercent": 0 }""";

    /// <summary>CDK's process answers one thread at a time, and all threads of this process share it.</summary>
    private static readonly Lock OneAtATime = new();

    private readonly Lazy<IReadOnlyDictionary<string, string>> _templates;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cache-backup-synth-");

    public SynthesisedStack() => _templates = new Lazy<IReadOnlyDictionary<string, string>>(Synthesise);

    public ResolvedTemplate Default => Read("cache-backup");

    /// <summary>In a VPC, with buckets, keys and every switch on that does not exclude another.</summary>
    public ResolvedTemplate Full => Read("full");

    /// <summary>With Object Lock and ACLs on the exchange bucket, without an event bus.</summary>
    public ResolvedTemplate WithLock => Read("locked");

    /// <summary>In a Region that an account has to opt into.</summary>
    public ResolvedTemplate Far => Read("far");

    /// <summary>The files that CDK wrote, of the two stacks that have between them every kind of resource.</summary>
    public IEnumerable<string> TemplatesToLint => [_templates.Value["full"], _templates.Value["locked"]];

    /// <summary>A folder that stands for what <c>./build.sh lambda</c> leaves.</summary>
    public static string StubProgram(DirectoryInfo within)
    {
        DirectoryInfo stub = within.CreateSubdirectory("lambda");
        File.WriteAllText(Path.Combine(stub.FullName, "bootstrap"), "A stub.");
        return stub.FullName;
    }

    public static StackContext Context(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return StackContext.Parse(document.RootElement.Clone());
    }

    /// <summary>Creates a stack that nobody synthesises, for what <see cref="BackupStack.Create"/> refuses.</summary>
    public static void Attempt(StackContext context, string program)
    {
        lock (OneAtATime)
        {
            _ = BackupStack.Create(new App(), context, Checkout.Find(), program);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private ResolvedTemplate Read(string name) => ResolvedTemplate.Read(_templates.Value[name], name);

    private Dictionary<string, string> Synthesise()
    {
        using Lock.Scope alone = OneAtATime.EnterScope();
        App app = new(new AppProps { Outdir = Path.Combine(_directory.FullName, "out") });
        string program = StubProgram(_directory);
        foreach (StackContext context in new[] { StackContext.Parse(null), Context(Everything), Context(Locked), Context(OptIn) })
        {
            _ = BackupStack.Create(app, context, Checkout.Find(), program);
        }

        app.Synth();
        return Directory.EnumerateFiles(Path.Combine(_directory.FullName, "out"), "*.template.json")
            .ToDictionary(file => Path.GetFileName(file).Split('.')[0]);
    }
}
