using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Infra.Tests.Policies;

namespace CacheBackup.Infra.Tests;

/// <summary>A synthesised template with concrete names and ARNs in the place of references, as they would be in one account and Region.</summary>
public sealed partial class ResolvedTemplate
{
    public const string Account = "123456789012";

    private readonly string _region;
    private readonly string _stack;
    private readonly string _file;

    private ResolvedTemplate(JsonElement root, string file, string stack)
    {
        (_file, _stack) = (file, stack);
        _region = stack == "far" ? SynthesisedStack.OptInRegion : SynthesisedStack.Region;
        Resources = root.GetProperty("Resources").EnumerateObject().ToDictionary(resource => resource.Name, resource => resource.Value);
        Outputs = root.GetProperty("Outputs").EnumerateObject().ToDictionary(output => output.Name, output => Resolve(output.Value.GetProperty("Value")));
        Text = root.GetRawText();
    }

    /// <summary>By logical id.</summary>
    public IReadOnlyDictionary<string, JsonElement> Resources { get; }

    public IReadOnlyDictionary<string, string> Outputs { get; }

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    public static ResolvedTemplate Read(string file, string stack)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        return new ResolvedTemplate(document.RootElement.Clone(), file, stack);
    }

    /// <summary>The text of a file that is uploaded with the template.</summary>
    public string Asset(string key) => File.ReadAllText(Path.Combine(Path.GetDirectoryName(_file)!, $"asset.{key}"));

    public IEnumerable<(string Id, JsonElement Properties)> OfType(string type) =>
        Resources.Where(resource => resource.Value.GetProperty("Type").GetString() == type)
            .Select(resource => (resource.Key, resource.Value.TryGetProperty("Properties", out JsonElement properties) ? properties : default));

    /// <summary>The one resource of the type whose logical id begins so.</summary>
    public JsonElement Only(string type, string idBegins) =>
        OfType(type).Single(resource => resource.Id.StartsWith(idBegins, StringComparison.Ordinal)).Properties;

    /// <summary>The functions by their own names, without the stack's.</summary>
    public IReadOnlyDictionary<string, JsonElement> Functions => OfType("AWS::Lambda::Function")
        .ToDictionary(function => Resolve(function.Properties.GetProperty("FunctionName"))[(_stack.Length + 1)..], function => function.Properties);

    /// <summary>What a function's role allows and denies.</summary>
    public IReadOnlyList<Statement> PolicyOfFunction(string function) => PolicyOf(Functions[function].GetProperty("Role"));

    /// <summary>What the role behind a reference to its ARN allows and denies: its inline policies, and policies that are attached to it.</summary>
    public IReadOnlyList<Statement> PolicyOf(JsonElement roleArn)
    {
        string id = roleArn.GetProperty("Fn::GetAtt")[0].GetString()!;
        JsonElement role = Resources[id].GetProperty("Properties");
        if (role.TryGetProperty("ManagedPolicyArns", out _) || OfType("AWS::IAM::Policy").Any())
        {
            throw new InvalidOperationException($"{id} has permissions beside its own document: write them there.");
        }

        return role.TryGetProperty("Policies", out JsonElement policies)
            ? [.. policies.EnumerateArray().SelectMany(policy => Statements(policy.GetProperty("PolicyDocument")))]
            : [];
    }

    public IReadOnlyList<Statement> Statements(JsonElement document) =>
        [.. document.GetProperty("Statement").EnumerateArray().Select(statement => Statement.Read(statement, Resolve))];

    /// <summary>The text behind a value: a literal, or a reference.</summary>
    public string Resolve(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Object when value.EnumerateObject().Count() == 1 => Resolve(value.EnumerateObject().Single()),
        _ => throw new InvalidOperationException($"No text: {value.GetRawText()}"),
    };

    private string Resolve(JsonProperty function) => function.Name switch
    {
        "Ref" => Reference(function.Value.GetString()!),
        "Fn::GetAtt" => Attribute(function.Value[0].GetString()!, function.Value[1].GetString()!),
        "Fn::Join" => string.Join(function.Value[0].GetString(), function.Value[1].EnumerateArray().Select(Resolve)),
        "Fn::Sub" when function.Value.ValueKind == JsonValueKind.String =>
            Placeholder().Replace(function.Value.GetString()!, match => Reference(match.Groups[1].Value)),
        "Fn::Select" => List(function.Value[1])[int.Parse(Resolve(function.Value[0]), CultureInfo.InvariantCulture)],
        _ => throw new InvalidOperationException($"{function.Name} is not resolved here: {function.Value.GetRawText()}"),
    };

    private string[] List(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(Resolve)]
        : value.EnumerateObject().Single() switch
        {
            { Name: "Fn::Split" } split => Resolve(split.Value[1]).Split(split.Value[0].GetString()!),
            { Name: "Fn::GetAtt" } attribute when attribute.Value[1].GetString() == "DnsEntries" =>
                ["Z2:vpce-1.secretsmanager.eu-west-1.vpce.amazonaws.com", "Z2:vpce-1-eu-west-1a.secretsmanager.eu-west-1.vpce.amazonaws.com"],
            var other => throw new InvalidOperationException($"No list: {other.Value.GetRawText()}"),
        };

    private string Reference(string name) => name switch
    {
        "AWS::Partition" => "aws",
        "AWS::Region" => _region,
        "AWS::AccountId" => Account,
        "AWS::URLSuffix" => "amazonaws.com",
        "AWS::StackName" => _stack,
        _ => ReferenceTo(name, TypeOf(name)),
    };

    private string ReferenceTo(string id, string type) => type switch
    {
        "AWS::S3::Bucket" => Kind(id) + "-bucket",
        "AWS::SNS::Topic" => $"arn:aws:sns:{_region}:{Account}:{id}",
        "AWS::Lambda::Version" => $"{ReferenceFunction(id)}:1",
        "AWS::StepFunctions::StateMachine" => Attribute(id, "Arn"),
        "AWS::IAM::ManagedPolicy" => $"arn:aws:iam::{Account}:policy/{id}",
        _ => id,
    };

    private string Attribute(string id, string attribute) => (TypeOf(id), attribute) switch
    {
        ("AWS::S3::Bucket", "Arn") => $"arn:aws:s3:::{Kind(id)}-bucket",
        ("AWS::KMS::Key", "Arn") => $"arn:aws:kms:{_region}:{Account}:key/{Kind(id)}",
        ("AWS::Lambda::Function", "Arn") =>
            $"arn:aws:lambda:{_region}:{Account}:function:{Resolve(Resources[id].GetProperty("Properties").GetProperty("FunctionName"))}",
        ("AWS::StepFunctions::StateMachine", "Arn") =>
            $"arn:aws:states:{_region}:{Account}:stateMachine:{Resolve(Resources[id].GetProperty("Properties").GetProperty("StateMachineName"))}",
        (_, "Arn") => $"arn:aws:any:{_region}:{Account}:{id}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{id}.{attribute}"),
    };

    private string ReferenceFunction(string version) =>
        Attribute(Resources[version].GetProperty("Properties").GetProperty("FunctionName").GetProperty("Ref").GetString()!, "Arn");

    private string TypeOf(string id) => Resources.TryGetValue(id, out JsonElement resource)
        ? resource.GetProperty("Type").GetString()!
        : throw new InvalidOperationException($"Nothing in the template is called {id}.");

    /// <summary><c>catalog</c> of <c>CatalogBucket0A1B2C3D</c>.</summary>
    private static string Kind(string id) => HashAtEnd().Replace(id, string.Empty).Replace("Bucket", string.Empty, StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"\$\{([A-Za-z0-9:]+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("[0-9A-F]{8}$")]
    private static partial Regex HashAtEnd();
}
