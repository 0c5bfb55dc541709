using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Infra.Context;

/// <summary>Reads values of the context, each checked, and says of a wrong one what to write in its place.</summary>
internal sealed class ContextReader
{
    private readonly Dictionary<string, JsonElement> _given = [];

    /// <param name="given">The object <c>cacheBackup</c>; null: everything is as by default.</param>
    /// <exception cref="StackContextException">It is no object, or has a member that is none of ours.</exception>
    public ContextReader(JsonElement? given)
    {
        if (given is not { } context)
        {
            return;
        }

        if (context.ValueKind != JsonValueKind.Object)
        {
            throw new StackContextException("The context cacheBackup in cdk.json is an object, as docs/operations.md shows it.");
        }

        foreach (JsonProperty member in context.EnumerateObject())
        {
            _given[member.Name] = ContextValues.All.Any(value => value.Name == member.Name)
                ? member.Value
                : throw new StackContextException(
                    $"cacheBackup.{member.Name} in cdk.json is none of the stack's context values. There are: "
                    + string.Join(", ", ContextValues.All.Select(value => value.Name)) + ".");
        }
    }

    public static StackContextException Wrong(ContextValue value, string found, string wanted) =>
        new($"cacheBackup.{value.Name} in cdk.json is {found}: write {wanted}. {value.Meaning}");

    public bool Switch(ContextValue value) => Of(value) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        var other => throw Wrong(value, other.GetRawText(), "true or false"),
    };

    public int Number(ContextValue value, int least, int most) =>
        Of(value) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int found) && found >= least && found <= most
            ? found
            : throw Wrong(value, Of(value).GetRawText(), string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>A text of that form; the empty one is null.</summary>
    public string? Text(ContextValue value, Regex form, string example)
    {
        if (Of(value) is not { ValueKind: JsonValueKind.String } element)
        {
            throw Wrong(value, Of(value).GetRawText(), $"a text such as \"{example}\"");
        }

        string text = element.GetString()!;
        return text.Length == 0 ? null : Checked(value, text, form, example);
    }

    /// <summary>A text of that form, which may not be empty.</summary>
    public string RequiredText(ContextValue value, Regex form, string example) =>
        Text(value, form, example) ?? throw Wrong(value, "empty", $"a text such as \"{example}\"");

    public IReadOnlyList<string> Texts(ContextValue value, Regex form, string example)
    {
        if (Of(value) is not { ValueKind: JsonValueKind.Array } list || list.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
        {
            throw Wrong(value, Of(value).GetRawText(), $"a list of texts such as [\"{example}\"]");
        }

        string[] texts = [.. list.EnumerateArray().Select(each => Checked(value, each.GetString()!, form, example))];
        return texts.Distinct().Count() == texts.Length || value == ContextValues.AvailabilityZones || value == ContextValues.RouteTableIds
            ? texts
            : throw Wrong(value, list.GetRawText(), "each text once");
    }

    /// <summary>Buckets as a request and a setting write them.</summary>
    public IReadOnlyList<BucketAddress> Buckets(ContextValue value)
    {
        List<BucketAddress> buckets = [];
        foreach (string text in Texts(value, Forms.Anything, "s3://bucket/folder?region=eu-west-1"))
        {
            if (!text.StartsWith(BucketAddress.Scheme, StringComparison.Ordinal))
            {
                throw Wrong(value, $"\"{text}\", which does not begin with {BucketAddress.Scheme}", "s3://bucket/folder");
            }

            BucketAddress address;
            try
            {
                address = BucketAddress.Parse(text);
            }
            catch (InvalidRequestException e)
            {
                throw Wrong(value, $"\"{text}\" ({e.Message})", "s3://bucket/folder");
            }

            buckets.Add(!address.IsDirectory && Forms.Bucket.IsMatch(address.Bucket)
                ? address
                : throw Wrong(value, $"\"{text}\", which names no bucket", "s3://bucket/folder, with the bucket's own name"));
        }

        return buckets;
    }

    private static string Checked(ContextValue value, string text, Regex form, string example) =>
        form.IsMatch(text) ? text : throw Wrong(value, $"\"{text}\"", $"a text such as \"{example}\"");

    private JsonElement Of(ContextValue value)
    {
        if (_given.TryGetValue(value.Name, out JsonElement given))
        {
            return given;
        }

        using JsonDocument document = JsonDocument.Parse(value.Default);
        return document.RootElement.Clone();
    }
}
