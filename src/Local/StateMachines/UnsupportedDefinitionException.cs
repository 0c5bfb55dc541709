namespace CacheBackup.Local.StateMachines;

/// <summary>
/// A definition was refused at load: it is not valid Amazon States Language, or it asks for something that this runner does not
/// implement. Nothing is ever skipped in silence.
/// </summary>
public sealed class UnsupportedDefinitionException : Exception
{
    internal UnsupportedDefinitionException(string machine, string? state, string field, string reason)
        : base($"State machine '{machine}'{(state is null ? "" : $", state '{state}'")}, field '{field}': {reason}")
    {
        Machine = machine;
        State = state;
        Field = field;
        Reason = reason;
    }

    /// <summary>The machine's name.</summary>
    public string Machine { get; }

    /// <summary>The state that was refused; null for the machine's own fields.</summary>
    public string? State { get; }

    /// <summary>The field, with its place inside the state: <c>Retry[0].ErrorEquals</c>.</summary>
    public string Field { get; }

    /// <summary>What is wrong with it and what would be right.</summary>
    public string Reason { get; }
}
