using System.Text.Json;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>Something that yields a value at run time: a path, a literal argument, or a call of an intrinsic.</summary>
internal abstract record Expression
{
    /// <summary>Whether it reads <c>$$.Map.Item</c>, which exists only inside a Map.</summary>
    public abstract bool NeedsMapItem { get; }

    /// <summary>Reads what may stand in a <c>.$</c> member: a path or a call.</summary>
    /// <exception cref="PathSyntaxException">It is neither, or not of the part that we implement.</exception>
    public static Expression Parse(string text) =>
        text.StartsWith('$') ? new Selection(PathExpression.Parse(text)) : IntrinsicReader.Read(text);

    /// <exception cref="StateFailedException">A path selects nothing (States.Runtime) or an intrinsic fails (States.IntrinsicFailure).</exception>
    public abstract JsonElement Evaluate(EvaluationScope scope, string field);

    /// <summary>A path.</summary>
    public sealed record Selection(PathExpression Path) : Expression
    {
        public override bool NeedsMapItem => Path.NeedsMapItem;

        public override JsonElement Evaluate(EvaluationScope scope, string field) => Path.Select(scope, field);
    }

    /// <summary>A number, string, boolean or null among the arguments of an intrinsic.</summary>
    public sealed record Constant(JsonElement Value) : Expression
    {
        public override bool NeedsMapItem => false;

        public override JsonElement Evaluate(EvaluationScope scope, string field) => Value;
    }

    /// <summary>A call of an intrinsic.</summary>
    public sealed record Call(Intrinsic Intrinsic, IReadOnlyList<Expression> Arguments) : Expression
    {
        public override bool NeedsMapItem => Arguments.Any(argument => argument.NeedsMapItem);

        public override JsonElement Evaluate(EvaluationScope scope, string field)
        {
            var values = new JsonElement[Arguments.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Arguments[i].Evaluate(scope, field);
            }

            return Intrinsic.Invoke(new IntrinsicArguments(Intrinsic.Name, field, values, scope.NewUuid));
        }
    }
}
