using System.Text.Json;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>Reads the rules of a Choice.</summary>
internal static class ConditionReader
{
    public static ChoiceRule ReadRule(FieldReader fields)
    {
        string next = fields.RequireText("Next");
        return new ChoiceRule(ReadCondition(fields), next);
    }

    /// <summary>One of And, Or, Not, or a Variable with one operator; nothing else.</summary>
    private static Condition ReadCondition(FieldReader fields)
    {
        Condition condition;
        if (fields.Has("And"))
        {
            condition = new Condition.And(ReadAll(fields, "And"));
        }
        else if (fields.Has("Or"))
        {
            condition = new Condition.Or(ReadAll(fields, "Or"));
        }
        else if (fields.Has("Not"))
        {
            condition = new Condition.Not(ReadCondition(fields.Inside("Not", fields.Require("Not"))));
        }
        else
        {
            condition = ReadTest(fields);
        }

        fields.RefuseTheRest();
        return condition;
    }

    private static List<Condition> ReadAll(FieldReader fields, string name) =>
        [.. fields.Elements(name).Select((element, i) => ReadCondition(fields.Inside($"{name}[{i}]", element)))];

    private static Condition ReadTest(FieldReader fields)
    {
        PathExpression variable = fields.SinglePath("Variable") ?? throw fields.Refuse("Variable", "is missing (or one of And, Or, Not).");
        if (fields.Boolean("IsPresent") is { } isPresent)
        {
            return new Condition.Presence(variable, isPresent);
        }

        foreach (string name in fields.Names)
        {
            if (ComparisonOperators.TryGet(name, out ComparisonOperator? found))
            {
                return new Condition.Test(variable, ReadComparison(fields, found!));
            }
        }

        throw fields.Refuse("Variable", "has no comparison operator that the local runner implements beside it.");
    }

    private static Comparison ReadComparison(FieldReader fields, ComparisonOperator found)
    {
        if (found.IsPath)
        {
            return new Comparison(found.Name, found.Compare, default, fields.SinglePath(found.Name));
        }

        JsonElement literal = fields.Require(found.Name);
        return found.AcceptsLiteral(literal)
            ? new Comparison(found.Name, found.Compare, literal, null)
            : throw fields.Refuse(found.Name, "does not have a value of the kind that the operator compares.");
    }
}
