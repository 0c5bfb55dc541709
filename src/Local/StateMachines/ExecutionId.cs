namespace CacheBackup.Local.StateMachines;

/// <summary>
/// An execution's identity: the machine and the name, unique together. Both are 1 to 80 of <c>A–Z a–z 0–9 . _ -</c> and start with a
/// letter or a digit: they are directory names too.
/// </summary>
public readonly record struct ExecutionId
{
    private const string ArnStart = "arn:aws:states:local:000000000000:";

    /// <exception cref="ArgumentException">A part is empty, too long or has another letter.</exception>
    public ExecutionId(string stateMachine, string name)
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

    /// <summary>The identity in the form that Step Functions gives it, with <c>local</c> for the Region.</summary>
    public string Arn => $"{ArnStart}execution:{StateMachine}:{Name}";

    /// <summary>The machine's identity in the same form.</summary>
    public string StateMachineArn => $"{ArnStart}stateMachine:{StateMachine}";

    /// <summary>Reads what <see cref="Arn"/> gives.</summary>
    public static bool TryParseArn(string? arn, out ExecutionId id)
    {
        id = default;
        const string Prefix = ArnStart + "execution:";
        if (arn is null || !arn.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = arn[Prefix.Length..].Split(':');
        if (parts.Length != 2 || !IsValid(parts[0]) || !IsValid(parts[1]))
        {
            return false;
        }

        id = new ExecutionId(parts[0], parts[1]);
        return true;
    }

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
