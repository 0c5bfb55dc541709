namespace CacheBackup.Local.StateMachines;

/// <summary>
/// Which execution: the machine and the name, unique together. Both are 1 to 80 of <c>A–Z a–z 0–9 . _ -</c> and start with a letter or a
/// digit: they are directory names too.
/// </summary>
public readonly record struct ExecutionKey
{
    /// <exception cref="ArgumentException">A part is empty, too long or has another letter.</exception>
    public ExecutionKey(string stateMachine, string name)
    {
        Check(stateMachine, "state machine's name");
        Check(name, "execution's name");
        StateMachine = stateMachine;
        Name = name;
    }

    /// <summary>The machine's name.</summary>
    public string StateMachine { get; }

    /// <summary>The execution's name.</summary>
    public string Name { get; }

    /// <summary>Whether the text can be a machine's or an execution's name.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= 80 }
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <inheritdoc />
    public override string ToString() => $"{StateMachine}/{Name}";

    private static void Check(string name, string what)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' cannot be a {what}: 1 to 80 of letters, digits, '.', '_', '-', the first a letter or a digit.", nameof(name));
        }
    }
}
