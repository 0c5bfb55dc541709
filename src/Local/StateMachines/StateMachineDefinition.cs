using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Local.StateMachines.Language;

namespace CacheBackup.Local.StateMachines;

/// <summary>
/// A state machine in the Amazon States Language, JSONPath flavour, read strictly: whatever this runner does not do exactly as Step
/// Functions does is refused here, with the state and the field named, and never at run time.
/// </summary>
/// <remarks>
/// State types: Task, Choice, Wait, Map (inline), Parallel, Pass, Succeed, Fail. Tasks: <c>arn:aws:states:::lambda:invoke</c> and
/// <c>arn:aws:states:::aws-sdk:service:action</c>. State names are unique in the whole machine and every state can be reached.
/// Source: the Amazon States Language specification and Step Functions' developer guide.
/// </remarks>
public sealed partial class StateMachineDefinition
{
    // Step Functions' quota on a definition.
    private const int MaximumBytes = 1_048_576;

    private StateMachineDefinition(string name, string text, StateScope scope, int? timeoutSeconds, IReadOnlyCollection<string> functions)
    {
        Name = name;
        Text = text;
        Scope = scope;
        Timeout = timeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        Functions = functions;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The machine's name.</summary>
    public string Name { get; }

    /// <summary>The text that was read, after substitution: what an execution keeps a copy of.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of <see cref="Text"/>, in hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>How long an execution may take in all; null without a limit.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>The functions that its tasks invoke, by the name inside <c>${…}</c>, so that a host can check at load that it has each.</summary>
    public IReadOnlyCollection<string> Functions { get; }

    internal StateScope Scope { get; }

    /// <summary>Reads a definition.</summary>
    /// <param name="name">The machine's name; see <see cref="ExecutionKey"/> for the letters.</param>
    /// <param name="json">The text of an <c>.asl.json</c> file.</param>
    /// <param name="substitutions">What stands for each <c>${Name}</c>. A <c>FunctionName</c> needs none: the name itself goes to the invoker.</param>
    /// <exception cref="UnsupportedDefinitionException">Not valid, or not all of it is implemented.</exception>
    public static StateMachineDefinition Parse(string name, string json, IReadOnlyDictionary<string, string>? substitutions = null)
    {
        if (!ExecutionKey.IsValid(name))
        {
            throw new UnsupportedDefinitionException(name, null, "(name)", "1 to 80 of letters, digits, '.', '_', '-' are a machine's name.");
        }

        if (Encoding.UTF8.GetByteCount(json) > MaximumBytes)
        {
            throw new UnsupportedDefinitionException(name, null, "(all)", $"the definition is larger than {MaximumBytes} bytes.");
        }

        string text = Substitute(json, substitutions);
        using JsonDocument document = ReadJson(name, text);
        JsonElement root = document.RootElement.Clone();
        CheckPlaceholders(name, root, "", member: null);

        var fields = new FieldReader(name, null, "", root);
        if (fields.Text("Version") is { } version and not "1.0")
        {
            throw fields.Refuse("Version", $"'{version}' is not implemented, only 1.0.");
        }

        if (fields.Text("QueryLanguage") is { } language and not "JSONPath")
        {
            throw fields.Refuse("QueryLanguage", $"'{language}' is not implemented by the local runner, only JSONPath.");
        }

        int? timeout = fields.Integer("TimeoutSeconds", 1, StateReader.MaximumSeconds);
        var reader = new DefinitionReader(name);
        StateScope scope = reader.ReadScope(fields, isInsideMap: false);
        fields.RefuseTheRest();
        return new StateMachineDefinition(name, text, scope, timeout, reader.Functions);
    }

    /// <inheritdoc cref="Parse(string, string, IReadOnlyDictionary{string, string}?)"/>
    public static StateMachineDefinition Parse(string name, ReadOnlySpan<byte> json, IReadOnlyDictionary<string, string>? substitutions = null) =>
        Parse(name, Encoding.UTF8.GetString(json), substitutions);

    private static JsonDocument ReadJson(string name, string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException wrong)
        {
            throw new UnsupportedDefinitionException(name, null, "(all)", $"this is not JSON with each member once: {wrong.Message}");
        }
    }

    private static string Substitute(string json, IReadOnlyDictionary<string, string>? substitutions) => substitutions is null
        ? json
        : Placeholder().Replace(json, match => substitutions.TryGetValue(match.Groups[1].Value, out string? value)
            ? JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value
            : match.Value);

    /// <summary>A placeholder that nothing was substituted for would be passed on as text; only a FunctionName may keep one.</summary>
    private static void CheckPlaceholders(string machine, JsonElement value, string place, string? member)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty child in value.EnumerateObject().Where(child => child.Name != "Comment"))
            {
                CheckPlaceholders(machine, child.Value, $"{place}.{child.Name}", child.Name);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement child in value.EnumerateArray())
            {
                CheckPlaceholders(machine, child, $"{place}[]", null);
            }
        }
        else if (member != "FunctionName" && value.ValueKind == JsonValueKind.String && Placeholder().Match(value.GetString()!) is { Success: true } left)
        {
            throw new UnsupportedDefinitionException(machine, null, place.TrimStart('.'), $"nothing was given to substitute for '{left.Value}'.");
        }
    }

    [GeneratedRegex(@"\$\{([A-Za-z0-9_]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
