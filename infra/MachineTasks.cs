using System.Text.Json;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra;

/// <summary>What a state machine calls, as its file has it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Functions">The names of its placeholders.</param>
/// <param name="Services">The integrations of other services, such as <c>aws-sdk:elasticache:describeSnapshots</c>.</param>
internal sealed record MachineTasks(string Path, IReadOnlyList<string> Functions, IReadOnlyList<string> Services)
{
    private const string Integration = "arn:aws:states:::";
    private const string Invocation = "lambda:invoke";
    private const string Partition = "Partition";

    /// <exception cref="StackContextException">There is no such file.</exception>
    public static MachineTasks Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new StackContextException($"There is no {path}: a state machine that operations start must have its file.");
        }

        SortedSet<string> functions = new(StringComparer.Ordinal);
        SortedSet<string> services = new(StringComparer.Ordinal);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        Collect(document.RootElement, functions, services);
        return new MachineTasks(path, [.. functions], [.. services]);
    }

    /// <summary>The file's text, with the partition of the account in the place of <c>aws</c>: the local runner reads the file as it is.</summary>
    public string Definition => File.ReadAllText(Path).Replace($"\"{Integration}", $"\"arn:${{{Partition}}}:states:::", StringComparison.Ordinal);

    /// <summary>What stands in the definition for what is known at the deployment alone.</summary>
    /// <param name="arnOf">Of a function, by its name.</param>
    public Dictionary<string, string> Substitutions(Func<string, string> arnOf)
    {
        Dictionary<string, string> substitutions = Functions.ToDictionary(function => function, arnOf);
        substitutions.Add(Partition, Amazon.CDK.Aws.PARTITION);
        return substitutions;
    }

    private static void Collect(JsonElement element, SortedSet<string> functions, SortedSet<string> services)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(item, functions, services);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in element.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.String)
                {
                    Collect(member.Value, functions, services);
                }
                else if (member.Name == "FunctionName")
                {
                    functions.Add(member.Value.GetString()!.TrimStart('$', '{').TrimEnd('}'));
                }
                else if (member.Name == "Resource" && member.Value.GetString()!.StartsWith(Integration, StringComparison.Ordinal))
                {
                    services.Add(member.Value.GetString()![Integration.Length..]);
                }
            }
        }

        services.Remove(Invocation);
    }
}
