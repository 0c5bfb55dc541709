using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>What a rule of a Choice asks.</summary>
internal abstract record Condition
{
    public abstract bool NeedsMapItem { get; }

    /// <exception cref="StateFailedException">States.Runtime: a path selects nothing.</exception>
    public abstract bool Holds(EvaluationScope scope);

    /// <summary>Stops at the first that does not hold: <c>IsPresent</c> guards what follows it.</summary>
    public sealed record And(IReadOnlyList<Condition> Conditions) : Condition
    {
        public override bool NeedsMapItem => Conditions.Any(condition => condition.NeedsMapItem);

        public override bool Holds(EvaluationScope scope) => Conditions.All(condition => condition.Holds(scope));
    }

    /// <summary>Stops at the first that holds.</summary>
    public sealed record Or(IReadOnlyList<Condition> Conditions) : Condition
    {
        public override bool NeedsMapItem => Conditions.Any(condition => condition.NeedsMapItem);

        public override bool Holds(EvaluationScope scope) => Conditions.Any(condition => condition.Holds(scope));
    }

    public sealed record Not(Condition Inner) : Condition
    {
        public override bool NeedsMapItem => Inner.NeedsMapItem;

        public override bool Holds(EvaluationScope scope) => !Inner.Holds(scope);
    }

    /// <summary><c>IsPresent</c>: the only question that a missing value answers instead of failing.</summary>
    public sealed record Presence(PathExpression Variable, bool Expected) : Condition
    {
        public override bool NeedsMapItem => Variable.NeedsMapItem;

        public override bool Holds(EvaluationScope scope) => Variable.TrySelect(scope, out _) == Expected;
    }

    /// <summary>One value looked at: <c>IsNull</c>, <c>StringEquals</c>, <c>NumericLessThanPath</c> …</summary>
    public sealed record Test(PathExpression Variable, Comparison Comparison) : Condition
    {
        public override bool NeedsMapItem => Variable.NeedsMapItem || Comparison.Other?.NeedsMapItem == true;

        public override bool Holds(EvaluationScope scope) => Comparison.Holds(Variable.Select(scope, "Variable"), scope);
    }
}
