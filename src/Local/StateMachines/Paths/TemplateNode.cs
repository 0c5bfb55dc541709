using System.Text.Json;
using CacheBackup.Local.StateMachines.Intrinsics;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>One node of a payload template.</summary>
internal abstract record TemplateNode
{
    public abstract void Write(Utf8JsonWriter writer, EvaluationScope scope);

    /// <summary>A value without any path in it.</summary>
    public sealed record Literal(JsonElement Value) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, EvaluationScope scope) => Value.WriteTo(writer);
    }

    /// <summary>A member named <c>x.$</c>: a path or an intrinsic.</summary>
    public sealed record Dynamic(string Field, Expression Expression) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, EvaluationScope scope) => Expression.Evaluate(scope, Field).WriteTo(writer);
    }

    /// <summary>An object, some member of which is dynamic.</summary>
    public sealed record Members(IReadOnlyList<KeyValuePair<string, TemplateNode>> Nodes) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, EvaluationScope scope)
        {
            writer.WriteStartObject();
            foreach ((string name, TemplateNode node) in Nodes)
            {
                writer.WritePropertyName(name);
                node.Write(writer, scope);
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>An array, some element of which is dynamic.</summary>
    public sealed record Elements(IReadOnlyList<TemplateNode> Nodes) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, EvaluationScope scope)
        {
            writer.WriteStartArray();
            foreach (TemplateNode node in Nodes)
            {
                node.Write(writer, scope);
            }

            writer.WriteEndArray();
        }
    }
}
