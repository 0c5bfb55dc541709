using System.Text.Json;
using CacheBackup.Local.StateMachines.Intrinsics;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>
/// The value of <c>Parameters</c>, <c>ItemSelector</c> or <c>ResultSelector</c>: JSON in which a member named <c>x.$</c>, at any
/// depth, is replaced by a member <c>x</c> with what its path or intrinsic yields.
/// </summary>
internal sealed class PayloadTemplate
{
    private readonly TemplateNode _root;

    private PayloadTemplate(TemplateNode root, IReadOnlyList<Expression> expressions)
    {
        _root = root;
        Expressions = expressions;
    }

    /// <summary>Every path and intrinsic in it, for the checks at load.</summary>
    public IReadOnlyList<Expression> Expressions { get; }

    /// <exception cref="PathSyntaxException">A dynamic member is not a string, cannot be read, or is there twice.</exception>
    public static PayloadTemplate Parse(JsonElement template, string field)
    {
        List<Expression> expressions = [];
        return new PayloadTemplate(Read(template, field, expressions), expressions);
    }

    /// <summary>One value from a member that may be written <c>name</c> or <c>name.$</c>.</summary>
    public static PayloadTemplate OfExpression(Expression expression, string field) =>
        new(new TemplateNode.Dynamic(field, expression), [expression]);

    public JsonElement Evaluate(EvaluationScope scope) =>
        _root is TemplateNode.Literal literal ? literal.Value : JsonBuild.From(writer => _root.Write(writer, scope));

    private static TemplateNode Read(JsonElement value, string field, List<Expression> expressions)
    {
        int before = expressions.Count;
        TemplateNode node = value.ValueKind switch
        {
            JsonValueKind.Object => new TemplateNode.Members(ReadMembers(value, field, expressions)),
            JsonValueKind.Array => new TemplateNode.Elements(
                [.. value.EnumerateArray().Select((item, index) => Read(item, $"{field}[{index}]", expressions))]),
            _ => new TemplateNode.Literal(value),
        };
        return expressions.Count == before ? new TemplateNode.Literal(value) : node;
    }

    private static List<KeyValuePair<string, TemplateNode>> ReadMembers(JsonElement value, string field, List<Expression> expressions)
    {
        List<KeyValuePair<string, TemplateNode>> members = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string place = $"{field}.{member.Name}";
            bool isDynamic = member.Name.EndsWith(".$", StringComparison.Ordinal);
            string name = isDynamic ? member.Name[..^2] : member.Name;
            if (!names.Add(name))
            {
                throw new PathSyntaxException($"'{place}': the member '{name}' is there twice.");
            }

            members.Add(new(name, isDynamic ? ReadDynamic(member.Value, place, expressions) : Read(member.Value, place, expressions)));
        }

        return members;
    }

    private static TemplateNode.Dynamic ReadDynamic(JsonElement value, string place, List<Expression> expressions)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new PathSyntaxException($"'{place}': the value of a member that ends in '.$' must be a path or an intrinsic, as a string.");
        }

        Expression expression = Expression.Parse(value.GetString()!);
        expressions.Add(expression);
        return new TemplateNode.Dynamic(place, expression);
    }
}
