using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>Reads the states of a definition and checks what concerns more than one of them.</summary>
internal sealed class DefinitionReader(string machine)
{
    // Step Functions' bound on a state's name.
    private const int MaximumNameLength = 80;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The functions that Tasks name.</summary>
    public SortedSet<string> Functions { get; } = new(StringComparer.Ordinal);

    public StateScope ReadScope(FieldReader fields, bool isInsideMap)
    {
        string startAt = fields.RequireText("StartAt");
        JsonElement all = fields.Require("States");
        if (all.ValueKind != JsonValueKind.Object)
        {
            throw fields.Refuse("States", "must be an object.");
        }

        Dictionary<string, State> states = new(StringComparer.Ordinal);
        foreach (JsonProperty member in all.EnumerateObject())
        {
            states.Add(member.Name, ReadState(member.Name, member.Value, isInsideMap));
        }

        if (!states.ContainsKey(startAt))
        {
            throw fields.Refuse("StartAt", $"there is no state '{startAt}' in this scope.");
        }

        CheckTransitions(startAt, states);
        return new StateScope(startAt, states);
    }

    private State ReadState(string name, JsonElement value, bool isInsideMap)
    {
        var fields = new FieldReader(machine, name, "", value) { IsInsideMap = isInsideMap };
        if (name.Length is 0 or > MaximumNameLength)
        {
            throw fields.Refuse("(name)", $"a state's name has 1 to {MaximumNameLength} letters.");
        }

        if (!_names.Add(name))
        {
            throw fields.Refuse("(name)", "another state of this machine has the same name; names are unique in the whole machine.");
        }

        State state = new StateReader(this, fields, name).Read();
        if (state is TaskState { Target: TaskTarget.Function function })
        {
            Functions.Add(function.Name);
        }

        fields.RefuseTheRest();
        return state;
    }

    private void CheckTransitions(string startAt, Dictionary<string, State> states)
    {
        foreach (State state in states.Values)
        {
            foreach (string next in state.Successors.Where(next => !states.ContainsKey(next)))
            {
                throw new UnsupportedDefinitionException(machine, state.Name, "Next", $"there is no state '{next}' in this scope.");
            }
        }

        HashSet<string> reached = new(StringComparer.Ordinal) { startAt };
        Queue<string> open = new(reached);
        while (open.TryDequeue(out string? name))
        {
            foreach (string next in states[name].Successors.Where(reached.Add))
            {
                open.Enqueue(next);
            }
        }

        if (states.Keys.FirstOrDefault(name => !reached.Contains(name)) is { } lost)
        {
            throw new UnsupportedDefinitionException(machine, lost, "(name)", $"no way leads here from '{startAt}'.");
        }
    }
}
