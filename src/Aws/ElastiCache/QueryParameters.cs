using System.Globalization;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>
/// The members of a request as the Query protocol flattens them. A member that is null is left out, which is what a state machine
/// cannot do.
/// </summary>
public sealed class QueryParameters
{
    private readonly List<KeyValuePair<string, string>> _all = [];

    public IReadOnlyList<KeyValuePair<string, string>> All => _all;

    public QueryParameters Add(string name, string? value)
    {
        if (value is not null)
        {
            _all.Add(new(name, value));
        }

        return this;
    }

    public QueryParameters Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryParameters Add(string name, bool? value) => Add(name, value is { } set ? (set ? "true" : "false") : null);

    /// <summary>A list of texts; an empty one is left out.</summary>
    /// <param name="member">What the model calls one of the list, as <c>SecurityGroupId</c>.</param>
    public QueryParameters AddList(string name, string member, IEnumerable<string>? values)
    {
        int number = 0;
        foreach (string value in values ?? [])
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{name}.{member}.{++number}"), value);
        }

        return this;
    }

    /// <summary>A list of structures.</summary>
    /// <param name="write">Adds one structure's members, each name beginning with the given prefix, which ends with a dot.</param>
    public QueryParameters AddList<T>(string name, string member, IEnumerable<T>? values, Action<QueryParameters, string, T> write)
    {
        int number = 0;
        foreach (T value in values ?? [])
        {
            write(this, string.Create(CultureInfo.InvariantCulture, $"{name}.{member}.{++number}."), value);
        }

        return this;
    }

    public QueryParameters AddTags(IEnumerable<Tag>? tags) => AddList(
        "Tags", "Tag", tags, (parameters, prefix, tag) => parameters.Add(prefix + "Key", tag.Key).Add(prefix + "Value", tag.Value));
}
