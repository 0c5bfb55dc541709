using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Aws.StepFunctions;

/// <summary>
/// The ARNs of one installation's machines and executions, made from the setting <c>STATE_MACHINES</c>:
/// <c>arn:aws:states:REGION:ACCOUNT:stateMachine:NAME-</c>.
/// </summary>
public sealed class StateMachineArns
{
    private const string MachineKind = ":stateMachine:";
    private const string ExecutionKind = ":execution:";
    private const int MaxNameCharacters = 80;
    private const int DigestBytes = 8;

    private readonly string _machines;
    private readonly string _executions;

    private StateMachineArns(string machines)
    {
        _machines = machines;
        _executions = machines.Replace(MachineKind, ExecutionKind, StringComparison.Ordinal);
    }

    /// <exception cref="FormatException">It is not what the ARNs of state machines begin with.</exception>
    public static StateMachineArns Parse(string prefix)
    {
        string[] parts = prefix.Split(':');
        return parts is ["arn", { Length: > 0 }, "states", { Length: > 0 }, { Length: > 0 }, "stateMachine", { Length: > 0 }]
            ? new StateMachineArns(prefix)
            : throw new FormatException(
                "STATE_MACHINES is not what the ARNs of state machines begin with: arn:aws:states:REGION:ACCOUNT:stateMachine:NAME- .");
    }

    public string OfMachine(string machine) => _machines + machine;

    /// <summary>
    /// The ARN that an execution has or will have. Names hold 80 characters: of a longer one the beginning stays, and a digest of all
    /// of it follows, so that the same name always gives the same ARN.
    /// </summary>
    public ExecutionId OfExecution(string machine, string name) => new($"{_executions}{machine}:{Shorten(name)}");

    /// <summary>Whether the execution is of one of our machines; if so, of which, and its name.</summary>
    public bool TryParse(ExecutionId id, out string machine, out string name)
    {
        (machine, name) = ("", "");
        if (!id.Value.StartsWith(_executions, StringComparison.Ordinal))
        {
            return false;
        }

        // Another stack's name may begin with ours; what follows is then none of our machines.
        string[] rest = id.Value[_executions.Length..].Split(':');
        if (rest is not [{ } ofMachine, { Length: > 0 } called] || !StateMachines.All.Contains(ofMachine))
        {
            return false;
        }

        (machine, name) = (ofMachine, called);
        return true;
    }

    private static string Shorten(string name)
    {
        if (name.Length <= MaxNameCharacters)
        {
            return name;
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, DigestBytes));
        return string.Create(CultureInfo.InvariantCulture, $"{name[..(MaxNameCharacters - 1 - digest.Length)]}-{digest}");
    }
}
